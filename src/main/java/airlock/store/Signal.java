package airlock.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A signal that there may be work. It may come shortly before the row is on disk: ask the database
/// through its writer, which runs after that commit.
public final class Signal {
    private static final Duration LEAST = Duration.ofMillis(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private final AtomicLong count = new AtomicLong();

    /// Wakes all waiting threads.
    public void raise() {
        lock.lock();
        try {
            count.incrementAndGet();
            raised.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public long count() {
        return count.get();
    }

    /// Waits for a signal after the first `heard` ones, at most `longest`. Returns at most every
    /// [#LEAST], so that a flood of signals does not cause a query each.
    public void await(long heard, Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + longest.toNanos();
        long again = start + LEAST.toNanos();
        lock.lock();
        try {
            long now = start;
            while (now < end && (count.get() <= heard || now < again)) {
                long _ =
                        raised.awaitNanos(
                                (count.get() <= heard ? end : Math.min(end, again)) - now);
                now = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }
}
