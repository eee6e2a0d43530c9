package airlock.house;

import java.time.Duration;
import java.util.Map;

/// What the loopback forge does instead of a proper answer to the next `POST` of a status.
public sealed interface ForgeFault {
    /// Answers properly, so that a later one can misbehave.
    record None() implements ForgeFault {}

    /// Answers so, with an empty JSON message; nothing is stored.
    record Answer(int status, Map<String, String> headers) implements ForgeFault {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }

    /// Closes the connection without an answer; nothing is stored.
    record DropBefore() implements ForgeFault {}

    /// Stores the status and closes the connection without an answer: the outcome that a client
    /// can't know.
    record DropAfter() implements ForgeFault {}

    /// Stores the status and answers only after `delay`.
    record Slow(Duration delay) implements ForgeFault {}
}
