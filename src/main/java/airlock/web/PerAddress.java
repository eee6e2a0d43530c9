package airlock.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Bounds how much one address does at once, so that one client doesn't take the place of all
/// others. Threads: any.
final class PerAddress {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Map<String, Integer> counts = new HashMap<>();

    PerAddress(int most) {
        this.most = most;
    }

    /// Waits for a place; whoever gets one calls [#leave].
    boolean enter(String address, Duration patience) {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (counts.getOrDefault(address, 0) >= most) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = left.awaitNanos(nanos);
            }
            counts.merge(address, 1, Integer::sum);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void leave(String address) {
        lock.lock();
        try {
            counts.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
