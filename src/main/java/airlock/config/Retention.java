package airlock.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Retention of one repository.
///
/// @param bounds for every kind
public record Retention(Map<RetainedKind, Bounds> bounds) {
    public static final Retention STANDARD =
            new Retention(
                    Stream.of(RetainedKind.values())
                            .collect(Collectors.toMap(kind -> kind, RetainedKind::standard)));

    /// Limits of a kind. Sizes are bytes.
    ///
    /// @param age items that were unused for longer are removed
    /// @param quota above it, the oldest items of a repository are removed
    /// @param outsideQuota the same for items that only runs from outside made, if the kind marks
    ///     them
    /// @param total above it, the oldest items of all repositories are removed
    public record Bounds(Duration age, long quota, long outsideQuota, long total) {}

    public Retention {
        bounds = Collections.unmodifiableMap(new EnumMap<>(bounds));
        if (bounds.size() < RetainedKind.values().length) {
            throw new IllegalArgumentException("a kind without bounds: " + bounds);
        }
    }

    Bounds of(RetainedKind kind) {
        Bounds found = bounds.get(kind);
        if (found == null) {
            throw new IllegalArgumentException("nothing is said about " + kind.word());
        }
        return found;
    }

    /// How long to keep an unused item.
    public Duration age(RetainedKind kind) {
        return of(kind).age();
    }

    /// The quota for one repository, in bytes.
    public long quota(RetainedKind kind) {
        return of(kind).quota();
    }

    /// The quota for a repository's items that only runs from outside made, in bytes; at most its
    /// quota for all.
    public long outsideQuota(RetainedKind kind) {
        return kind.tellsOutside() ? Math.min(quota(kind), of(kind).outsideQuota()) : quota(kind);
    }
}
