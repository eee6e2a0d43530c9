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

    /// A key that may have any value or be missing.
    static Key<?> unread(String name) {
        return new Key<>(name, new Unread(), new Presence.Free<>("it is not looked at"), "", "");
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
}
