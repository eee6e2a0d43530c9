package airlock.yaml;

import java.util.Optional;

/// A key of a section. Reading and documentation both come from it.
///
/// @param meaning whole sentences
/// @param example may be empty
public record Key<T>(
        String name, Type<T> type, Presence<T> presence, String meaning, String example) {

    public sealed interface Presence<T> {
        record Required<T>() implements Presence<T> {}

        /// The key may be missing.
        ///
        /// @param without what then applies, for people
        record Free<T>(String without) implements Presence<T> {}

        /// Without the key, `value` applies.
        ///
        /// @param without the same for people
        record Default<T>(T value, String without) implements Presence<T> {}
    }

    /// A key that may be missing or have any value.
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
