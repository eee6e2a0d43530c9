package airlock.run;

import airlock.queue.Claims;
import airlock.store.Bell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that work: each takes one piece after the other and sleeps on the bell while there
/// is none.
public final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(2);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(5);
    private static final Duration BEAT = Duration.ofSeconds(10);

    /// Idle threads end sooner.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Bell bell;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Thread> upkeep = new ArrayList<>();
    private volatile boolean leaving;

    public Workers(Bell bell) {
        this.bell = bell;
    }

    /// Starts `count` threads that call `worker`.
    public void start(String name, int count, Worker worker) {
        for (int i = 1; i <= count; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .name(name + "-" + i)
                            .start(() -> loop(name, worker, () -> leaving)));
        }
    }

    /// Starts the thread that says that this server lives, as long as any of the others may work.
    public void startHeartbeat(Claims claims) {
        Worker heart =
                () -> {
                    claims.heartbeat();
                    Thread.sleep(BEAT);
                    return true;
                };
        upkeep.add(
                Thread.ofVirtual()
                        .name("heartbeat")
                        .start(() -> loop("heartbeat", heart, () -> false)));
    }

    /// Lets each thread end what it is at, and begin nothing more; waits for that, but no longer
    /// than `grace`.
    public void leave(Duration grace) throws InterruptedException {
        leaving = true;
        bell.ring();
        if (!areOver(grace.compareTo(SOON) < 0 ? grace : SOON)) {
            LOG.info("what has begun may go on for {} s", grace.toSeconds());
            areOver(grace);
        }
    }

    private boolean areOver(Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        for (var thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    private void loop(String name, Worker worker, BooleanSupplier over) {
        while (!over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            long heard = bell.count();
            try {
                if (!worker.runOnce()) {
                    bell.await(heard, LONGEST_SLEEP);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("{} met a fault and goes on", name, e);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(AFTER_FAULT);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// Interrupts all threads and waits for them; what they had claimed is offered again later.
    @Override
    public void close() {
        threads.addAll(upkeep);
        threads.forEach(Thread::interrupt);
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
