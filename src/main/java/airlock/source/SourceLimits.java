package airlock.source;

import airlock.config.Limits;
import java.time.Duration;

/// Limits of fetching and packing one commit; a larger one is refused, never cut.
///
/// @param size the sum of all file sizes, in bytes
/// @param files how many files, links and submodules; as many directories again
/// @param fileSize the largest single file, in bytes
/// @param pathLength the longest path, in bytes; one name has at most 255
/// @param depth how many directories deep
/// @param planFileSize the largest plan file that is read, in bytes
/// @param time from the order to its answer
public record SourceLimits(
        long size,
        int files,
        long fileSize,
        int pathLength,
        int depth,
        int planFileSize,
        Duration time) {
    /// Bytes of a transfer that are not file content: refs, trees, framing.
    private static final long OVERHEAD = 64L << 20;

    /// JGit unpacks most objects twice, and assembles some from deltas.
    private static final int PASSES = 3;

    /// A history has many versions of each file and each directory.
    private static final int HISTORIES = 32;

    private static final long FILE_SIZE = 256L << 20;

    /// Leaves room for the guest's directory within Linux's limit of 4,096 bytes.
    private static final int PATH_LENGTH = 4000;

    private static final int DEPTH = 100;
    private static final int PLAN_FILE_SIZE = 256 << 10;

    /// The limits of `airlock run`, which has no configuration.
    public static final SourceLimits DEFAULT = of(2L << 30, 500_000, Duration.ofMinutes(10));

    /// The limits of a repository's configuration, and the fixed ones.
    public static SourceLimits of(Limits limits) {
        return of(limits.sourceSize(), limits.sourceFiles(), limits.sourceTime());
    }

    private static SourceLimits of(long size, int files, Duration time) {
        return new SourceLimits(
                size, files, Math.min(size, FILE_SIZE), PATH_LENGTH, DEPTH, PLAN_FILE_SIZE, time);
    }

    /// How many bytes a forge may send for one order.
    long received() {
        return size + OVERHEAD;
    }

    /// How many bytes JGit may unpack for what a forge sends over one connection.
    long inflated(boolean histories) {
        return received() * (histories ? HISTORIES : PASSES);
    }
}
