package airlock.source;

import java.io.Closeable;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one fetch process waiting, so that the next order need not wait for a JVM to start.
final class FetchPool implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchPool.class);

    private final Supplier<FetchWorker> starter;
    private Optional<FetchWorker> spare = Optional.empty();
    private boolean closed;

    FetchPool(Supplier<FetchWorker> starter) {
        this.starter = starter;
    }

    /// The spare one, or a new one; the caller closes it.
    synchronized FetchWorker take() {
        Optional<FetchWorker> taken = spare;
        spare = Optional.empty();
        if (taken.isPresent() && taken.get().isAlive()) {
            return taken.get();
        }
        taken.ifPresent(FetchWorker::close);
        return starter.get();
    }

    /// Starts a spare one, unless there is one. Where that fails, the next order will tell.
    synchronized void refill() {
        if (spare.isEmpty() && !closed) {
            try {
                spare = Optional.of(starter.get());
            } catch (SourceException e) {
                LOG.warn("no fetch process is waiting", e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        spare.ifPresent(FetchWorker::close);
        spare = Optional.empty();
    }
}
