package airlock.source;

import airlock.base.Trees;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has fetch processes carry out orders, each with at most one mirror: it moves the mirror into the
/// process's home, the only directory that the process can write, and back when the process is
/// dead. So no process reaches the mirror or the tars of another repository.
final class Lender implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Lender.class);

    private final FetchPool pool;
    private final int atOnce;
    private final Map<String, Semaphore> slots = new ConcurrentHashMap<>();
    private final Map<Path, Semaphore> mirrors = new ConcurrentHashMap<>();
    private final Set<Thread> ends = ConcurrentHashMap.newKeySet();

    /// @param atOnce how many processes may work for one forge at the same time; counted per forge,
    ///     so that a silent one delays no other
    Lender(FetchPool pool, int atOnce) {
        this.pool = pool;
        this.atOnce = atOnce;
        pool.refill();
    }

    /// The files that an order may use.
    ///
    /// @param mirror lent to one process at a time
    /// @param anew whether to remove the mirror first, because it is damaged
    /// @param tars the cache for the tar that the process makes
    record Use(Path mirror, boolean anew, Optional<TarCache> tars) {}

    /// Has an order carried out. While it waits for its mirror, it occupies no process.
    ///
    /// @param use empty if it needs no mirror
    Answer ask(RemoteRepository repository, Order order, Optional<Use> use)
            throws InterruptedException {
        Semaphore mirror =
                use.map(one -> mirrors.computeIfAbsent(one.mirror(), _ -> new Semaphore(1, true)))
                        .orElseGet(() -> new Semaphore(1));
        long time = order.target().limits().time().toMillis();
        if (!mirror.tryAcquire(time, TimeUnit.MILLISECONDS)) {
            return new Unreachable(
                    "other fetches of the same repository did not end within "
                            + TimeUnit.MILLISECONDS.toSeconds(time)
                            + " s",
                    true);
        }
        return inSlot(repository, order, use, mirror);
    }

    /// @param mirror released once the mirror is back in its place
    private Answer inSlot(
            RemoteRepository repository, Order order, Optional<Use> use, Semaphore mirror)
            throws InterruptedException {
        var forge =
                slots.computeIfAbsent(repository.id().forge(), _ -> new Semaphore(atOnce, true));
        try {
            forge.acquire();
        } catch (InterruptedException e) {
            mirror.release();
            throw e;
        }
        try {
            FetchWorker worker;
            try {
                worker = pool.take();
            } catch (SourceException e) {
                mirror.release();
                // memory or processes may be short for a moment
                return new Unreachable(String.valueOf(e.getMessage()), true);
            }
            return inProcess(order, use, worker, mirror);
        } finally {
            forge.release();
            pool.refill();
        }
    }

    private Answer inProcess(Order order, Optional<Use> use, FetchWorker worker, Semaphore mirror)
            throws InterruptedException {
        Optional<Answer> answer = Optional.empty();
        Future<Answer> settled;
        try {
            if (use.isPresent()) {
                lend(use.get(), worker);
            }
            answer = Optional.of(worker.ask(order));
        } finally {
            settled = endLater(worker, use, answer, mirror);
        }
        return answer.get() instanceof Source ? await(settled) : answer.get();
    }

    private static void lend(Use use, FetchWorker worker) {
        try {
            if (use.anew()) {
                Trees.remove(use.mirror());
            }
            move(use.mirror(), lent(worker));
        } catch (IOException e) {
            throw new SourceException(
                    "cannot lend the mirror %s: %s".formatted(use.mirror(), e), e);
        }
    }

    private static Path lent(FetchWorker worker) {
        return worker.child().home().resolve(GitMirror.LENT);
    }

    /// Moves a mirror if it exists and is a directory.
    private static void move(Path from, Path to) throws IOException {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(to.resolveSibling(""));
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Answer await(Future<Answer> settled) throws InterruptedException {
        try {
            return settled.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SourceException fault) {
                throw fault;
            }
            throw new SourceException("cannot keep what a fetch process made", e);
        }
    }

    /// Ends the process without waiting for that.
    ///
    /// @param answer empty if there was none
    private Future<Answer> endLater(
            FetchWorker worker, Optional<Use> use, Optional<Answer> answer, Semaphore mirror) {
        var settled =
                new FutureTask<>(
                        () -> {
                            try {
                                return settle(worker, use, answer);
                            } finally {
                                mirror.release();
                                worker.child().close();
                                ends.remove(Thread.currentThread());
                            }
                        });
        var thread = Thread.ofVirtual().name("fetch-end").unstarted(settled);
        ends.add(thread);
        thread.start();
        return settled;
    }

    /// Ends the process, then takes mirror and tar, which it can no longer write.
    private static Answer settle(FetchWorker worker, Optional<Use> use, Optional<Answer> answer)
            throws InterruptedException {
        worker.child().end();
        use.ifPresent(one -> takeBack(one, worker));
        Answer said = answer.orElseGet(() -> new Answer.Broke("the fetch was interrupted"));
        Optional<TarCache> tars = use.flatMap(Use::tars);
        return said instanceof Source source && tars.isPresent()
                ? tars.get().settle(source, worker.child().home())
                : said;
    }

    /// Losing a mirror only slows down the next fetch.
    private static void takeBack(Use use, FetchWorker worker) {
        try {
            move(lent(worker), use.mirror());
        } catch (IOException e) {
            LOG.warn("lost the mirror {}; the next fetch makes it again", use.mirror(), e);
        }
    }

    /// Ends the idle processes and waits until those with finished orders are gone.
    @Override
    public void close() {
        pool.close();
        try {
            for (Thread end : ends) {
                end.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Keeps fetch processes ready, so that orders need not wait for a JVM to start. A run that
    /// publishes has two orders, perhaps in quick succession: its source, and its ref's tip.
    static final class FetchPool implements Closeable {
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

        /// Starts one if none is ready, and a little later the others that are missing. If that
        /// fails, the next order tries again.
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
}
