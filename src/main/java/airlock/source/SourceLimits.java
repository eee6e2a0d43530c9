package airlock.source;

import airlock.config.Limits;
import java.time.Duration;

/// What fetching and packing one commit may take; what goes beyond is refused, never cut.
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
    /// What is not a file's content in a transfer: refs, trees, framing. In bytes.
    private static final long OVERHEAD = 64L << 20;

    /// JGit unpacks most objects twice, and puts some together of deltas.
    private static final int PASSES = 3;

    /// A history has many versions of each file and each directory.
    private static final int HISTORIES = 32;

    private static final long FILE_SIZE = 256L << 20;

    /// So that the path still fits Linux's 4,096 bytes below the guest's directory.
    private static final int PATH_LENGTH = 4000;

    private static final int DEPTH = 100;
    private static final int PLAN_FILE_SIZE = 256 << 10;

    /// The limits of `airlock run`, where no configuration says any.
    public static final SourceLimits DEFAULT = of(2L << 30, 500_000, Duration.ofMinutes(10));

    /// The limits that a repository's configuration sets, with the fixed ones beside them.
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
    ///
    /// @param histories whether more than single commits were asked for
    long inflated(boolean histories) {
        return received() * (histories ? HISTORIES : PASSES);
    }
}
