package airlock.base;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Background threads that repeat one action each until [#close()]. After a fault, which is logged,
/// the thread pauses and continues.
public final class Loops implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loops.class);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    public interface Round {
        void run() throws InterruptedException;
    }

    /// Starts a thread that pauses after each round.
    public void every(Duration pause, String name, Round round) {
        Round whole =
                () -> {
                    round.run();
                    Thread.sleep(pause);
                };
        until(() -> false, pause, name, whole);
    }

    /// Starts a thread without pauses between rounds.
    ///
    /// @param over checked before each round
    public void until(BooleanSupplier over, Duration pauseAfterFault, String name, Round round) {
        Runnable loop =
                () -> {
                    try {
                        while (!over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
                            one(name, round, pauseAfterFault);
                        }
                    } catch (InterruptedException _) {
                        // closed
                    }
                };
        threads.add(Thread.ofVirtual().name(name).start(loop));
    }

    private static void one(String name, Round round, Duration pauseAfterFault)
            throws InterruptedException {
        try {
            round.run();
        } catch (RuntimeException e) {
            LOG.error("{} met a fault and goes on", name, e);
            Thread.sleep(pauseAfterFault);
        }
    }

    /// Waits until all threads have ended, but no longer than `longest`; returns whether they have.
    public boolean await(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (var thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    /// Interrupts all threads and waits until they have ended.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
