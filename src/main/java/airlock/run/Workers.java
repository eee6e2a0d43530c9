package airlock.run;

import airlock.base.Loops;
import airlock.queue.Claims;
import airlock.store.Signal;
import airlock.store.StoreException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The worker threads: each does one piece of work after the other, and waits for the signal
/// in between.
public final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(2);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(5);
    private static final Duration BEAT = Duration.ofSeconds(10);

    /// How long to wait before repeating a write; idle threads end sooner.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Signal signal;
    private final DiskSpaceGate gate;
    private final Loops workers = new Loops();
    private final Loops heart = new Loops();
    private volatile boolean leaving;

    /// @param signal also raised after each piece of work, which may have made more
    /// @param gate while it is shut, nothing begins
    public Workers(Signal signal, DiskSpaceGate gate) {
        this.signal = signal;
        this.gate = gate;
    }

    /// Repeats a write to the database until it succeeds: a claim whose end is not recorded would
    /// stay claimed as long as its server lives.
    static <T> T written(Supplier<T> write) throws InterruptedException {
        while (true) {
            try {
                return write.get();
            } catch (StoreException e) {
                LOG.warn("trying again: {}", e.getMessage());
                var never = new Signal();
                never.await(never.count(), SOON);
            }
        }
    }

    public void start(String name, int count, Worker worker) {
        for (int i = 1; i <= count; i++) {
            workers.until(() -> leaving, AFTER_FAULT, name + "-" + i, () -> round(worker));
        }
    }

    private void round(Worker worker) throws InterruptedException {
        long heard = signal.count();
        if (gate.isOpen() && worker.runOnce()) {
            signal.raise();
        } else {
            signal.await(heard, LONGEST_SLEEP);
        }
    }

    public void startHeartbeat(Claims claims) {
        heart.every(BEAT, "heartbeat", claims::heartbeat);
    }

    /// Lets each thread finish its current work and begin nothing more; waits at most `grace`.
    public void leave(Duration grace) throws InterruptedException {
        leaving = true;
        signal.raise();
        if (!workers.await(grace.compareTo(SOON) < 0 ? grace : SOON)) {
            LOG.info("what has begun may go on for {} s", grace.toSeconds());
            workers.await(grace);
        }
    }

    /// Interrupts all threads and waits for them; their claims are requeued later.
    @Override
    public void close() {
        workers.close();
        heart.close();
    }

    /// Does one piece of work at a time.
    @FunctionalInterface
    public interface Worker {
        boolean runOnce() throws InterruptedException;
    }
}
