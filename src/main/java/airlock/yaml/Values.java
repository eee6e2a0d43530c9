package airlock.yaml;

import airlock.yaml.Key.Presence;
import java.util.Map;
import java.util.Optional;

/// The values of a section's keys.
public final class Values {
    private final Map<String, Object> values;
    private final Map<String, Place> places;
    private final Place whole;

    Values(Map<String, Object> values, Map<String, Place> places, Place whole) {
        this.values = values;
        this.places = places;
        this.whole = whole;
    }

    /// The value of a required key or one with a default.
    public <T> T get(Key<T> key) {
        return find(key)
                .orElseGet(
                        () -> {
                            if (key.presence() instanceof Presence.Default<T>(T value, _)) {
                                return value;
                            }
                            throw new IllegalArgumentException(key.name() + " has no value");
                        });
    }

    /// The value of `key` if the file has the key.
    @SuppressWarnings("unchecked") // the section put it there with the key's own type
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable((T) values.get(key.name()));
    }

    public boolean isWritten(String name) {
        return places.containsKey(name);
    }

    /// The place of a key's value; that of the section if the key is missing.
    public Place place(String name) {
        return places.getOrDefault(name, whole);
    }

    public Place place() {
        return whole;
    }
}
