package airlock.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Rung when there may be something to do. It may be rung a little before the row is on disk: who
/// hears it asks the database by its writer, which comes after that commit.
public final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private final AtomicLong count = new AtomicLong();

    /// Wakes who waits.
    public void ring() {
        lock.lock();
        try {
            count.incrementAndGet();
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How often it has been rung.
    public long count() {
        return count.get();
    }

    /// Waits until it has been rung more often than `heard`, at most `longest`.
    public void await(long heard, Duration longest) throws InterruptedException {
        long nanos = longest.toNanos();
        lock.lock();
        try {
            while (count.get() <= heard && nanos > 0) {
                nanos = rung.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
