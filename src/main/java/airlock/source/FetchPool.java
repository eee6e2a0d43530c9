package airlock.source;

import java.io.Closeable;
import java.util.Optional;
import java.util.function.Supplier;

/// Keeps one fetch process waiting, so that the next order need not wait for a JVM to start.
final class FetchPool implements Closeable {
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

    /// Starts a spare one, unless there is one.
    synchronized void refill() {
        if (spare.isEmpty() && !closed) {
            spare = Optional.of(starter.get());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        spare.ifPresent(FetchWorker::close);
        spare = Optional.empty();
    }
}
