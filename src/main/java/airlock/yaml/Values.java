package airlock.yaml;

import java.util.Map;
import java.util.Optional;

/// What a section's keys were read as. Every required key and every one with a default is there.
public final class Values {
    private final Map<String, Object> values;
    private final Map<String, Place> places;
    private final Place whole;

    Values(Map<String, Object> values, Map<String, Place> places, Place whole) {
        this.values = values;
        this.places = places;
        this.whole = whole;
    }

    /// The value of a key that is required or has a default.
    public <T> T get(Key<T> key) {
        return find(key)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "key '%s' can be missing or is not of this section"
                                                .formatted(key.name())));
    }

    /// The value of a key that may be missing.
    @SuppressWarnings("unchecked") // the section put it there with the key's own type
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable((T) values.get(key.name()));
    }

    /// Whether the file itself has the key.
    public boolean isWritten(Key<?> key) {
        return places.containsKey(key.name());
    }

    /// Whether the file itself has the key called `name`.
    public boolean isWritten(String name) {
        return places.containsKey(name);
    }

    /// Where the value of `key` stands, or the section where it is not written.
    public Place place(Key<?> key) {
        return place(key.name());
    }

    /// Where the value of the key called `name` stands, or the section if it is not written.
    public Place place(String name) {
        return places.getOrDefault(name, whole);
    }

    /// Where the section stands.
    public Place place() {
        return whole;
    }
}
