package airlock.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Rung when there may be something to do. It may be rung a little before the row is on disk: who
/// hears it asks the database by its writer, which comes after that commit.
public final class Bell {
    private static final Duration LEAST = Duration.ofMillis(20);

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

    /// Waits until it has been rung more often than `heard`, at most `longest`. Who waits has just
    /// found nothing to do; in a flood of rings it looks again every [#LEAST], and not for each.
    public void await(long heard, Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + longest.toNanos();
        long again = start + LEAST.toNanos();
        lock.lock();
        try {
            long now = start;
            while (now < end && (count.get() <= heard || now < again)) {
                long _ = rung.awaitNanos((count.get() <= heard ? end : Math.min(end, again)) - now);
                now = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }
}
