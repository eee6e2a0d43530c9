package airlock.yaml;

import airlock.yaml.Key.Presence;
import java.util.Map;
import java.util.Optional;

/// What a section's keys were read as.
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
                .orElseGet(
                        () ->
                                switch (key.presence()) {
                                    case Presence.Default<T>(T value, _) -> value;
                                    case Presence.Required<T> _, Presence.Free<T> _ ->
                                            throw new IllegalArgumentException(
                                                    "key '%s' can be missing or is not of this section"
                                                            .formatted(key.name()));
                                });
    }

    /// The value of `key` if the file has it.
    @SuppressWarnings("unchecked") // the section put it there with the key's own type
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable((T) values.get(key.name()));
    }

    /// Whether the file has the key called `name`.
    public boolean isWritten(String name) {
        return places.containsKey(name);
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
