package airlock.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Retention of one repository.
///
/// @param bounds for every shelf
public record Retention(Map<Shelf, Bounds> bounds) {
    public static final Retention STANDARD =
            new Retention(
                    Stream.of(Shelf.values())
                            .collect(Collectors.toMap(shelf -> shelf, Shelf::standard)));

    /// Limits of a shelf. Sizes are bytes.
    ///
    /// @param age items that were unused for longer are removed
    /// @param quota above it, the oldest items of a repository are removed
    /// @param outsideQuota the same for items that only runs from outside made, if the shelf marks
    ///     them
    /// @param total above it, the oldest items of all repositories are removed
    public record Bounds(Duration age, long quota, long outsideQuota, long total) {}

    public Retention {
        bounds = Collections.unmodifiableMap(new EnumMap<>(bounds));
        if (bounds.size() < Shelf.values().length) {
            throw new IllegalArgumentException("a shelf without bounds: " + bounds);
        }
    }

    Bounds of(Shelf shelf) {
        Bounds found = bounds.get(shelf);
        if (found == null) {
            throw new IllegalArgumentException("nothing is said about " + shelf.word());
        }
        return found;
    }

    /// How long to keep an unused item.
    public Duration age(Shelf shelf) {
        return of(shelf).age();
    }

    /// The quota for one repository, in bytes.
    public long quota(Shelf shelf) {
        return of(shelf).quota();
    }

    /// The quota for a repository's items that only runs from outside made, in bytes; at most its
    /// quota for all.
    public long outsideQuota(Shelf shelf) {
        return shelf.tellsOutside()
                ? Math.min(quota(shelf), of(shelf).outsideQuota())
                : quota(shelf);
    }
}
