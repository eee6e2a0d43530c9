package airlock.run;

import airlock.queue.Claims;
import airlock.store.Bell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that work: each takes one piece after the other and sleeps on the bell while there
/// is none.
public final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(2);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(5);
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final Bell bell;
    private final List<Thread> threads = new ArrayList<>();

    public Workers(Bell bell) {
        this.bell = bell;
    }

    /// Starts `count` threads that call `worker`.
    public void start(String name, int count, Worker worker) {
        for (int i = 1; i <= count; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(() -> loop(name, worker)));
        }
    }

    /// Starts the thread that says that this server lives.
    public void startHeartbeat(Claims claims) {
        start(
                "heartbeat",
                1,
                () -> {
                    claims.heartbeat();
                    Thread.sleep(BEAT);
                    return true;
                });
    }

    private void loop(String name, Worker worker) {
        while (!Thread.currentThread().isInterrupted()) {
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
