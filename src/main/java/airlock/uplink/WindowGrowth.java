package airlock.uplink;

import java.util.concurrent.atomic.AtomicInteger;

/// The bytes by which the windows of one guest's streams may grow, together. Threads: any.
final class WindowGrowth {
    private final AtomicInteger left;

    WindowGrowth(int bytes) {
        this.left = new AtomicInteger(bytes);
    }

    /// Takes `most` bytes, or as many as are left.
    int take(int most) {
        int before = left.getAndUpdate(now -> now - Math.min(now, most));
        return Math.min(before, most);
    }

    void giveBack(int bytes) {
        left.addAndGet(bytes);
    }
}
