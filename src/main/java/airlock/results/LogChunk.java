package airlock.results;

import java.time.Duration;

/// A piece of a run's log, as the guest sent it.
///
/// @param offset in the log file, bytes
/// @param next offset of the next chunk
/// @param step that wrote it
/// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 Airlock
/// @param at since the start of its phase
/// @param text hostile bytes
public record LogChunk(long offset, long next, StepKey step, int stream, Duration at, byte[] text) {
    public static final int STDERR = 2;
    public static final int TRACE = 3;
}
