package airlock.results;

import airlock.event.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the build logs of runs.
@FunctionalInterface
public interface LogSource {
    /// Opens the log of a run; empty if there is none (yet).
    Optional<OpenLog> open(RunId run);

    /// One run's log, read by one thread.
    interface OpenLog {
        /// How many bytes can be read now; offsets are below it.
        long size();

        /// Whether nothing will be added any more.
        boolean isComplete();

        /// The chunks from the first one that begins at or behind `offset`; any offset is taken,
        /// for it comes from clients. It stops with the chunk that fills `bytes` of the log,
        /// at most 1 MiB, or where the log ends for now. Finding an offset costs the same
        /// anywhere in a log.
        List<LogChunk> read(long offset, long bytes);

        /// Waits until there is something at or behind `offset`, the log is complete, or `limit`
        /// has passed.
        void awaitMore(long offset, Duration limit) throws InterruptedException;
    }
}
