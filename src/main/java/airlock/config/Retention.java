package airlock.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How long and how much is kept of one repository.
///
/// @param bounds one for each shelf
public record Retention(Map<Shelf, Bounds> bounds) {
    /// That of a configuration that sets nothing.
    public static final Retention STANDARD = new Retention(standard());

    /// What is kept on one shelf. Sizes are bytes.
    ///
    /// @param age what was last used longer ago goes
    /// @param quota above it the oldest of one repository goes
    /// @param outsideQuota the same of what only runs from outside made, if the shelf tells
    /// @param total above it the oldest of all repositories goes
    public record Bounds(Duration age, long quota, long outsideQuota, long total) {}

    public Retention {
        bounds = Collections.unmodifiableMap(new EnumMap<>(bounds));
        if (bounds.size() < Shelf.values().length) {
            throw new IllegalArgumentException("a shelf without bounds: " + bounds);
        }
    }

    private static Map<Shelf, Bounds> standard() {
        var bounds = new EnumMap<Shelf, Bounds>(Shelf.class);
        for (Shelf shelf : Shelf.values()) {
            bounds.put(shelf, shelf.standard());
        }
        return bounds;
    }

    /// What is kept on `shelf`.
    Bounds of(Shelf shelf) {
        Bounds found = bounds.get(shelf);
        if (found == null) {
            throw new IllegalArgumentException("nothing is said about " + shelf.word());
        }
        return found;
    }

    /// How long something on `shelf` is kept after it was last used.
    public Duration age(Shelf shelf) {
        return of(shelf).age();
    }

    /// How many bytes of one repository `shelf` may hold.
    public long quota(Shelf shelf) {
        return of(shelf).quota();
    }

    /// How many bytes that only runs from outside of one repository made `shelf` may hold; no more
    /// than its quota for all.
    public long outsideQuota(Shelf shelf) {
        return shelf.tellsOutside()
                ? Math.min(quota(shelf), of(shelf).outsideQuota())
                : quota(shelf);
    }
}
