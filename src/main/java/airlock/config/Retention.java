package airlock.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How long and how much is kept of one repository.
///
/// @param ages what was last used longer ago goes; one for each shelf
/// @param quotas above so many bytes the oldest goes; one for each shelf
/// @param outsideQuotas the same of what only runs from outside made; one for each shelf that
///     tells it
public record Retention(
        Map<Shelf, Duration> ages, Map<Shelf, Long> quotas, Map<Shelf, Long> outsideQuotas) {
    public Retention {
        outsideQuotas = Collections.unmodifiableMap(new EnumMap<>(outsideQuotas));
        ages = Collections.unmodifiableMap(new EnumMap<>(ages));
        quotas = Collections.unmodifiableMap(new EnumMap<>(quotas));
        if (ages.size() < Shelf.values().length || quotas.size() < Shelf.values().length) {
            throw new IllegalArgumentException("a shelf without age or quota: " + ages + quotas);
        }
    }

    /// That of a configuration that says nothing.
    public static Retention standard() {
        var ages = new EnumMap<Shelf, Duration>(Shelf.class);
        var quotas = new EnumMap<Shelf, Long>(Shelf.class);
        var outside = new EnumMap<Shelf, Long>(Shelf.class);
        for (Shelf shelf : Shelf.values()) {
            ages.put(shelf, shelf.age());
            quotas.put(shelf, shelf.quota());
            if (shelf.tellsOutside()) {
                outside.put(shelf, shelf.outsideQuota());
            }
        }
        return new Retention(ages, quotas, outside);
    }

    /// How long something on `shelf` is kept after it was last used.
    public Duration age(Shelf shelf) {
        return found(ages, shelf);
    }

    /// How many bytes of one repository `shelf` may hold.
    public long quota(Shelf shelf) {
        return found(quotas, shelf);
    }

    /// How many bytes that only runs from outside of one repository made `shelf` may hold; no more
    /// than its quota for all.
    public long outsideQuota(Shelf shelf) {
        return shelf.tellsOutside()
                ? Math.min(quota(shelf), found(outsideQuotas, shelf))
                : quota(shelf);
    }

    static <T> T found(Map<Shelf, T> map, Shelf shelf) {
        T value = map.get(shelf);
        if (value == null) {
            throw new IllegalArgumentException("nothing is said about " + shelf.word());
        }
        return value;
    }
}
