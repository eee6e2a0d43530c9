package airlock.source;

import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps fetch processes ready, so that orders need not wait for a JVM to start. A run that
/// publishes has two orders, perhaps in quick succession: its source, and its ref's tip.
final class FetchPool implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchPool.class);

    /// Starting a JVM keeps a core busy for half a second; current orders go first.
    private static final Duration LATER = Duration.ofSeconds(3);

    private final Supplier<FetchWorker> starter;
    private final int most;
    private final Deque<FetchWorker> spares = new ArrayDeque<>();
    private boolean refills;
    private boolean closed;

    /// @param most how many wait for orders; 0 starts each when its order comes
    FetchPool(Supplier<FetchWorker> starter, int most) {
        this.starter = starter;
        this.most = most;
    }

    /// A ready process or a new one; the caller closes it.
    synchronized FetchWorker take() {
        while (!spares.isEmpty()) {
            FetchWorker spare = spares.remove();
            if (spare.child().isAlive()) {
                return spare;
            }
            spare.child().close();
        }
        return starter.get();
    }

    /// Starts one if none is ready, and a little later the others that are missing. If that fails,
    /// the next order tries again.
    synchronized void refill() {
        if (spares.isEmpty() && most > 0) {
            start();
        }
        if (spares.size() < most && !refills && !closed) {
            refills = true;
            CompletableFuture.delayedExecutor(LATER.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(this::startMissing);
        }
    }

    private synchronized void startMissing() {
        refills = false;
        for (int missing = most - spares.size(); missing > 0; missing--) {
            start();
        }
    }

    private void start() {
        if (closed) {
            return;
        }
        try {
            spares.add(starter.get());
        } catch (SourceException e) {
            LOG.warn("no fetch process is waiting", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        spares.forEach(spare -> spare.child().close());
        spares.clear();
    }
}
