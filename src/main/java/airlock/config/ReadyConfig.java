package airlock.config;

import java.time.Duration;

/// How many clones wait for runs.
///
/// @param count of each kind of VM that the repositories use; 0 for none
/// @param age after which one that waits is replaced
/// @param spareMemory bytes that must be left beside them; where less is, they are given back
public record ReadyConfig(int count, Duration age, long spareMemory) {
    private static final int COUNT = 3;
    private static final long SPARE = 1L << 30;

    /// No clone waits.
    public static ReadyConfig none() {
        return new ReadyConfig(0, Duration.ofHours(1), 0);
    }

    /// That of a configuration that says nothing.
    public static ReadyConfig standard() {
        return new ReadyConfig(COUNT, Duration.ofHours(1), SPARE);
    }
}
