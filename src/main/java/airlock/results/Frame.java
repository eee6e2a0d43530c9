package airlock.results;

import airlock.event.Phase;

/// A piece of a run's log.
///
/// @param offset where its frame begins in the log file; resuming starts here
/// @param next where the frame after it begins
/// @param step the step's index in its phase, -1 for what the host says
/// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 the host
/// @param millis since 1970-01-01 UTC, when the host received it
/// @param bytes as the guest wrote them: never to be shown unfiltered
public record Frame(
        long offset, long next, Phase phase, int step, int stream, long millis, byte[] bytes) {}
