package airlock.results;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a run or phase began and ended. Without either it waits; one that ended without a start
/// never began.
///
/// @param since when it was made
public record Times(Instant since, Optional<Instant> start, Optional<Instant> end) {
    public boolean isRunning() {
        return start.isPresent() && end.isEmpty();
    }

    /// The time to sort and show it by.
    public Instant when() {
        return start.or(() -> end).orElse(since);
    }

    /// How long it took, or has taken so far; zero if it has not begun.
    public Duration took(Instant now) {
        return start.map(from -> Duration.between(from, end.orElse(now)))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }
}
