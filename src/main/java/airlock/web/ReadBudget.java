package airlock.web;

import java.time.Duration;
import java.util.Optional;

/// The memory that all reading shares: pages, API, badges, logs, artifacts and control commands.
/// Clients decide how long answers are and how slowly they are read, so a request that gets no
/// share is refused. docs/operations.md has the plan of the heap. Threads: any.
public final class ReadBudget {
    /// Bytes for building one page or answer of the largest run.
    public static final long BUILDING = 12 << 20;

    /// Bytes for one log or artifact that is sent piece by piece.
    public static final long STREAM = 128 << 10;

    private final Quota quota;
    private final Duration patience;

    /// @param total in bytes, at least [#BUILDING]; one address gets half of it
    /// @param patience how long a request waits for its share
    public ReadBudget(long total, Duration patience) {
        this.quota = new Quota(total, Math.max(BUILDING, total / 2));
        this.patience = patience;
    }

    /// A quarter of this JVM's heap, but enough for one page even if the heap is tiny.
    public static ReadBudget ofHeap() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return new ReadBudget(Math.max(BUILDING, quarter), Duration.ofSeconds(2));
    }

    /// Waits for a share; empty if none became free in time.
    public Optional<Share> take(String address, long bytes) {
        return take(address, bytes, patience);
    }

    Optional<Share> takeNow(String address, long bytes) {
        return take(address, bytes, Duration.ZERO);
    }

    private Optional<Share> take(String address, long bytes, Duration limit) {
        return quota.take(address, bytes, limit)
                ? Optional.of(new Share(address, bytes))
                : Optional.empty();
    }

    public long used() {
        return quota.used();
    }

    long patienceSeconds() {
        return Math.max(1, patience.toSeconds());
    }

    /// Part of the budget, until it is closed.
    public final class Share implements AutoCloseable {
        private final String address;
        private long bytes;

        private Share(String address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        /// Takes `more` without waiting; returns false if it is not free.
        synchronized boolean grow(long more) {
            boolean taken = quota.take(address, more, Duration.ZERO);
            bytes += taken ? more : 0;
            return taken;
        }

        /// Gives back all but `rest`.
        synchronized void keep(long rest) {
            if (rest < bytes) {
                quota.release(address, bytes - rest);
                bytes = rest;
            }
        }

        @Override
        public void close() {
            keep(0);
        }
    }
}
