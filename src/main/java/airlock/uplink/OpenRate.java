package airlock.uplink;

import java.util.function.LongSupplier;

/// Limits the rate at which a guest opens streams: a burst, then a number per second. For one
/// thread.
final class OpenRate {
    private static final double NANOSECONDS = 1e9;

    private final int burst;
    private final int perSecond;
    private final LongSupplier clock;
    private double left;
    private long last;

    /// @param clock nanoseconds of a clock that never goes back
    OpenRate(int burst, int perSecond, LongSupplier clock) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.clock = clock;
        this.left = burst;
        this.last = clock.getAsLong();
    }

    /// Allows for builds, which open many connections at their beginning and few later.
    static OpenRate standard() {
        return new OpenRate(1000, 100, System::nanoTime);
    }

    /// Counts a new stream; returns whether it may be opened.
    boolean takes() {
        long now = clock.getAsLong();
        left = Math.min(burst, left + (now - last) / NANOSECONDS * perSecond);
        last = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    @Override
    public String toString() {
        return perSecond + " a second";
    }
}
