package airlock.results;

import airlock.event.Phase;

/// A frame of a run's log.
///
/// @param offset in the log file
/// @param next offset of the next frame
/// @param step index in the phase, -1 for the host's messages
/// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 the host
/// @param millis since 1970-01-01 UTC, when the host received it
/// @param bytes as the guest wrote them, so hostile
public record LogFrame(
        long offset, long next, Phase phase, int step, int stream, long millis, byte[] bytes) {}
