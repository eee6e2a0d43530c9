package airlock.results;

import airlock.event.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the build logs of runs.
@FunctionalInterface
public interface LogSource {
    /// Opens the log of a run; empty before its first record.
    Optional<OpenLog> open(RunId run);

    /// One run's log, read by one thread.
    interface OpenLog {
        /// Bytes that can be read now; offsets are less.
        long size();

        /// Whether nothing will be added.
        boolean isComplete();

        /// Chunks from the first one that begins at or after `offset`, up to the one that reaches
        /// `bytes` of the log, at most 1 MiB, or to the current end. Any offset is valid, since it
        /// comes from clients; finding it takes the same time anywhere in a log.
        List<LogChunk> read(long offset, long bytes);

        /// Waits until there is a chunk at or after `offset`, the log is complete, or `limit` has
        /// passed.
        void awaitMore(long offset, Duration limit) throws InterruptedException;
    }
}
