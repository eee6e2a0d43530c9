package airlock.results;

import java.time.Duration;
import java.time.Instant;

/// When a run or phase began and ended.
public sealed interface Times {
    /// It has not begun.
    record Waiting(Instant since) implements Times {}

    /// It is running.
    record Running(Instant start) implements Times {}

    /// It is over.
    record Over(Instant start, Instant end) implements Times {}

    /// It ended without having begun.
    record Never(Instant end) implements Times {}

    /// The time to sort and show it by.
    default Instant when() {
        return switch (this) {
            case Waiting waiting -> waiting.since();
            case Running running -> running.start();
            case Over over -> over.start();
            case Never never -> never.end();
        };
    }

    /// How long it took, or has taken so far; zero if it has not begun.
    default Duration took(Instant now) {
        return switch (this) {
            case Waiting _, Never _ -> Duration.ZERO;
            case Running running -> between(running.start(), now);
            case Over over -> between(over.start(), over.end());
        };
    }

    private static Duration between(Instant start, Instant end) {
        return end.isBefore(start) ? Duration.ZERO : Duration.between(start, end);
    }
}
