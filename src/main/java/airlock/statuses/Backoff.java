package airlock.statuses;

import java.time.Duration;

/// The wait before the next attempt: doubles each time, up to `ceiling`.
record Backoff(Duration first, Duration ceiling) {
    private static final int MOST_DOUBLINGS = 40;

    /// @param attempts so far, from 1
    Duration after(int attempts) {
        int doublings = Math.clamp(attempts - 1L, 0, MOST_DOUBLINGS);
        if (first.toMillis() > ceiling.toMillis() >> doublings) {
            return ceiling;
        }
        return Duration.ofMillis(first.toMillis() << doublings);
    }
}
