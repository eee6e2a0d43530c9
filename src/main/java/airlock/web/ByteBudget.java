package airlock.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many bytes of foreign bodies may be in memory at once, over all requests.
final class ByteBudget {
    private final Semaphore free;

    ByteBudget(int bytes) {
        this.free = new Semaphore(bytes);
    }

    Lease lease() {
        return new Lease();
    }

    /// The bytes of the budget that nobody has.
    int free() {
        return free.availablePermits();
    }

    /// One request's share; given back when closed. Not for several threads.
    final class Lease implements AutoCloseable {
        private int taken;

        /// Takes `bytes` more; false where they were not to be had within `limit`.
        boolean take(int bytes, Duration limit) throws InterruptedException {
            boolean got = free.tryAcquire(bytes, limit.toNanos(), TimeUnit.NANOSECONDS);
            taken += got ? bytes : 0;
            return got;
        }

        /// Gives some of them back.
        void release(int bytes) {
            free.release(bytes);
            taken -= bytes;
        }

        @Override
        public void close() {
            release(taken);
        }
    }
}
