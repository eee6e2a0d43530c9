package airlock.yaml;

import java.util.Optional;

/// One key of a section: the only place that says what it is called, takes, means, and is without
/// it. Reading and documentation both come from here.
///
/// @param name as the file has it
/// @param meaning for people, in sentences
/// @param example a value as the file could have it, may be empty
public record Key<T>(
        String name, Type<T> type, Presence<T> presence, String meaning, String example) {

    /// Whether the key must be there.
    public sealed interface Presence<T> {
        /// It must.
        record Required<T>() implements Presence<T> {}

        /// It need not, and then there is no value.
        ///
        /// @param without what that means, for people
        record Free<T>(String without) implements Presence<T> {}

        /// It need not, and then `value` holds.
        ///
        /// @param without the same for people
        record Default<T>(T value, String without) implements Presence<T> {}
    }

    /// A key that must be there.
    public static <T> Key<T> required(String name, Type<T> type, String meaning) {
        return new Key<>(name, type, new Presence.Required<>(), meaning, "");
    }

    /// A key that may be missing; `without` says what that means.
    public static <T> Key<T> free(String name, Type<T> type, String without, String meaning) {
        return new Key<>(name, type, new Presence.Free<>(without), meaning, "");
    }

    /// A key whose value is `value` where it is missing.
    public static <T> Key<T> or(String name, Type<T> type, T value, String shown, String meaning) {
        return new Key<>(name, type, new Presence.Default<>(value, "`" + shown + "`"), meaning, "");
    }

    /// A key that may have any value or be missing.
    static Key<?> unread(String name) {
        return free(name, new Unread(), "it is not looked at", "");
    }

    private record Unread() implements Type<Boolean> {
        @Override
        public String expected() {
            return "anything";
        }

        @Override
        public Optional<Boolean> read(Node node, Place place) {
            return Optional.of(true);
        }
    }

    /// The same with an example.
    public Key<T> example(String text) {
        return new Key<>(name, type, presence, meaning, text);
    }
}
