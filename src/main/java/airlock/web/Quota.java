package airlock.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Limits how much all clients together, and each address alone, hold at once. Threads: any.
final class Quota {
    private final long total;
    private final long each;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<String, Long> byAddress = new HashMap<>();
    private long used;

    Quota(long total, long each) {
        this.total = total;
        this.each = each;
    }

    /// Waits for `amount`; returns false if it did not become free within `patience`.
    boolean take(String address, long amount, Duration patience) {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (used + amount > total || byAddress.getOrDefault(address, 0L) + amount > each) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = freed.awaitNanos(nanos);
            }
            add(address, amount);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void release(String address, long amount) {
        lock.lock();
        try {
            add(address, -amount);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(String address, long amount) {
        used += amount;
        byAddress.merge(address, amount, Long::sum);
        byAddress.remove(address, 0L);
    }

    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
