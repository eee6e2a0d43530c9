package airlock.results;

import java.time.Duration;

/// A piece of a run's log, as the guest sent it.
///
/// @param offset where it begins in the log file, bytes
/// @param next where the next one begins
/// @param step the step that wrote it
/// @param stream 1 for stdout, 2 for stderr, 3 for bash's trace, 0 for Airlock itself
/// @param at when it came, counted from the start of its phase
/// @param text the bytes; hostile
public record LogChunk(long offset, long next, StepKey step, int stream, Duration at, byte[] text) {
    public static final int STDERR = 2;
    public static final int TRACE = 3;
}
