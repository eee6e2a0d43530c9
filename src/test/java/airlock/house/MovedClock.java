package airlock.house;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that only tests move.
public final class MovedClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    public void move(Duration by) {
        now = now.plus(by);
    }
}
