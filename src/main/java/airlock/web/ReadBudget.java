package airlock.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The memory that all reading shares: pages, the API, badges, logs, artifacts and control
/// commands. Strangers decide how long those are and how slowly they are taken, so a request that
/// gets no share is refused. docs/operations.md has the plan of the heap that this is part of.
/// Threads: any.
public final class ReadBudget {
    /// Bytes for building one page or answer of the worst run; what was built is then held until
    /// its reader has taken it.
    public static final long BUILDING = 12 << 20;

    /// Bytes for one log or artifact that is sent piece by piece.
    public static final long STREAM = 128 << 10;

    private final long total;
    private final long each;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<String, Long> byAddress = new HashMap<>();
    private long used;

    /// @param total in bytes, at least [#BUILDING]; one address gets half of it
    /// @param patience how long a request waits for its share
    public ReadBudget(long total, Duration patience) {
        this.total = total;
        this.each = Math.max(BUILDING, total / 2);
        this.patience = patience;
    }

    /// A quarter of this JVM's heap, but enough for one page even in a very small one.
    public static ReadBudget ofHeap() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return new ReadBudget(Math.max(BUILDING, quarter), Duration.ofSeconds(2));
    }

    /// Waits for a share; empty if there is none.
    ///
    /// @param address whose share it is
    public Optional<Share> take(String address, long bytes) {
        return take(address, bytes, patience.toNanos());
    }

    /// The same without waiting.
    Optional<Share> takeNow(String address, long bytes) {
        return take(address, bytes, 0);
    }

    private Optional<Share> take(String address, long bytes, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!fits(address, bytes)) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = freed.awaitNanos(left);
            }
            add(address, bytes);
            return Optional.of(new Share(address, bytes));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Bytes that are taken now.
    public long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    long patienceSeconds() {
        return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(patience.toNanos()));
    }

    private boolean fits(String address, long bytes) {
        return used + bytes <= total && byAddress.getOrDefault(address, 0L) + bytes <= each;
    }

    private void add(String address, long bytes) {
        used += bytes;
        byAddress.merge(address, bytes, Long::sum);
        byAddress.remove(address, 0L);
        if (bytes < 0) {
            freed.signalAll();
        }
    }

    /// Part of the budget, until it is closed.
    public final class Share implements AutoCloseable {
        private final String address;
        private long bytes;

        private Share(String address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        /// Takes `more` if it is there, and never waits.
        boolean grow(long more) {
            lock.lock();
            try {
                if (!fits(address, more)) {
                    return false;
                }
                change(more);
                return true;
            } finally {
                lock.unlock();
            }
        }

        /// Gives back all but `rest`.
        void keep(long rest) {
            lock.lock();
            try {
                if (rest < bytes) {
                    change(rest - bytes);
                }
            } finally {
                lock.unlock();
            }
        }

        private void change(long by) {
            bytes += by;
            add(address, by);
        }

        @Override
        public void close() {
            keep(0);
        }
    }
}
