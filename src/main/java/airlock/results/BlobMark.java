package airlock.results;

import java.time.Duration;
import java.util.Optional;

/// How an output is found by later runs, and how long.
///
/// @param label the name of a cache; empty for one of its plan's own
/// @param key a hash over what it was made of; empty where that does not matter
/// @param isOffered whether others than its own run may have it
/// @param keep after so long it goes, if not before
public record BlobMark(String label, String key, boolean isOffered, Optional<Duration> keep) {
    /// That of an output of which nothing is said.
    public static final BlobMark NONE = new BlobMark("", "", true, Optional.empty());

    /// That of dependencies.
    public static BlobMark of(String key) {
        return new BlobMark("", key, true, Optional.empty());
    }
}
