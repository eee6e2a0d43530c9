package airlock.statuses;

import java.time.Duration;

/// How long to wait before the next attempt: the first wait, then twice as long each time, never
/// longer than the ceiling.
record Backoff(Duration first, Duration ceiling) {
    private static final int MOST_DOUBLINGS = 40;

    /// @param attempts how often it was tried, from 1
    Duration after(int attempts) {
        int doublings = Math.clamp(attempts - 1L, 0, MOST_DOUBLINGS);
        if (first.toMillis() > ceiling.toMillis() >> doublings) {
            return ceiling;
        }
        return Duration.ofMillis(first.toMillis() << doublings);
    }
}
