package airlock.results;

import java.time.Duration;
import java.util.Optional;

/// How later runs find an output, and how long it is kept.
///
/// @param label the name of a cache; empty if only its own plan uses it
/// @param key a hash of its inputs; empty if they do not matter
/// @param isOffered whether other runs may have it
/// @param keep it is removed after this time, if not before
public record BlobMark(String label, String key, boolean isOffered, Optional<Duration> keep) {
    /// The default.
    public static final BlobMark NONE = new BlobMark("", "", true, Optional.empty());

    /// For dependencies.
    public static BlobMark of(String key) {
        return new BlobMark("", key, true, Optional.empty());
    }
}
