package airlock.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// The state of one machine: an SQLite file in WAL mode with `synchronous=FULL`.
///
/// **Threads**: any. One thread writes; what others hand it meanwhile goes into its next commit
/// together, so that a sync is shared by all who wait. Readers have connections of their own and
/// never wait for it.
/// **Failures**: work that throws is rolled back alone (a savepoint each), its exception reaches
/// its caller; a commit that fails reaches all of its callers as a [StoreException].
/// **Limits**: at most [#MOST_TOGETHER] pieces of work per commit, [#READERS] readers at once, and
/// [#PAGES] pages.
public final class Database implements AutoCloseable {
    /// Gets the text of each statement, without its values, if it is at `trace` when a database is
    /// opened.
    private static final Logger STATEMENTS = LoggerFactory.getLogger("airlock.store.statements");

    private static final int MOST_TOGETHER = 256;
    private static final int READERS = 4;

    /// How many pages are read at once.
    static final int PAGES = 4;

    /// How long a page may take to be read.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final FileChannel file;
    private final Handle writer;
    private final Checkpoints checkpoints;
    private final PageReaders pages;
    private final BlockingQueue<Handle> readers = new ArrayBlockingQueue<>(READERS);
    private final BlockingQueue<Work<?>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private volatile boolean closed;
    private final AtomicLong done = new AtomicLong();

    private Database(
            FileChannel file,
            Handle writer,
            List<Handle> readers,
            PageReaders pages,
            Handle mover) {
        this.pages = pages;
        this.file = file;
        this.writer = writer;
        this.checkpoints = new Checkpoints(done::get, mover, file);
        this.readers.addAll(readers);
        this.thread = Thread.ofPlatform().name("store-writer").start(this::serve);
    }

    /// Opens `file`, makes it where it is missing and migrates it to this version's schema; a copy
    /// of what it was before is kept beside it.
    ///
    /// @throws StoreException when a newer version wrote it, it is damaged, or there is no room
    public static Database open(Path file) {
        return open(file, new Disk(file.toAbsolutePath().resolveSibling("")));
    }

    static Database open(Path file, Room room) {
        return open(file, room, PATIENCE);
    }

    static Database open(Path file, Room room, Duration patience) {
        var source = source(file, false);
        var flyway =
                Flyway.configure()
                        .dataSource(source)
                        .locations("classpath:airlock/store/sqlite")
                        .load();
        new Upgrade(file, room, flyway).run();
        var writer = keeping(source).open();
        var reading = keeping(source(file, true));
        return new Database(
                channel(file),
                writer,
                opened(reading, READERS),
                new PageReaders(opened(reading, PAGES), patience),
                Jdbi.create(source).open());
    }

    private static List<Handle> opened(Jdbi jdbi, int number) {
        return Stream.generate(jdbi::open).limit(number).toList();
    }

    private static FileChannel channel(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StoreException("cannot open " + file + " to force it to disk", e);
        }
    }

    private static Jdbi keeping(SQLiteDataSource source) {
        var jdbi = Jdbi.create(source);
        jdbi.setStatementBuilderFactory(_ -> new KeptStatements());
        if (STATEMENTS.isTraceEnabled()) {
            jdbi.setSqlLogger(
                    new SqlLogger() {
                        @Override
                        public void logBeforeExecution(StatementContext context) {
                            STATEMENTS.trace("{}", context.getParsedSql().getSql());
                        }
                    });
        }
        return jdbi;
    }

    private static SQLiteDataSource source(Path file, boolean queryOnly) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.enforceForeignKeys(true);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-32_768);
        // nobody asks for them, and telling costs a query after each insert
        config.setGetGeneratedKeys(false);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "0"); // see Checkpoints
        if (queryOnly) {
            config.setReadOnly(false);
            config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "268435456");
        }
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /// Does `work` in a transaction and returns its result when it is on disk.
    public <T> T write(Function<Handle, T> work) {
        var piece = new Work<>(work);
        if (closed) {
            throw new StoreException("the database is closed; the server is stopping");
        }
        writes.increment();
        waiting.add(piece);
        try {
            return piece.outcome.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /// Goes once through an empty commit; throws where even that fails.
    public void probe() {
        int _ = write(handle -> handle.execute("SELECT 1"));
    }

    /// Does `work` with a connection that sees the last commit. It must not write.
    public <T> T read(Function<Handle, T> work) {
        reads.increment();
        Handle handle;
        try {
            handle = readers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "interrupted while waiting for a connection to the database", e);
        }
        try {
            return work.apply(handle);
        } finally {
            readers.add(handle);
        }
    }

    /// The same for a page, badge or answer of the API, with a connection that work does not need.
    ///
    /// @throws airlock.event.TooSlowException if it is not done in time
    public <T> T readPage(Function<Handle, T> work) {
        reads.increment();
        return pages.read(work);
    }

    /// How much it was asked for since it was opened.
    public Use use() {
        return new Use(reads.sum(), writes.sum());
    }

    /// Pieces of work, whether they succeeded or not.
    public record Use(long reads, long writes) {}

    private void serve() {
        var together = new ArrayList<Work<?>>();
        while (!closed || !waiting.isEmpty()) {
            try {
                together.add(waiting.take());
            } catch (InterruptedException e) {
                continue;
            }
            waiting.drainTo(together, MOST_TOGETHER - 1);
            commit(together);
            together.clear();
            checkpoints.finish(writer);
        }
    }

    private void commit(List<Work<?>> together) {
        try {
            writer.begin();
            together.forEach(work -> work.attempt(writer));
            writer.commit();
        } catch (RuntimeException e) {
            rollBack();
            together.forEach(
                    work ->
                            work.fail(
                                    new StoreException(
                                            "the state could not be written: " + e.getMessage(),
                                            e)));
            return;
        }
        done.addAndGet(together.size());
        together.forEach(Work::settle);
    }

    private void rollBack() {
        try {
            Connection connection = writer.getConnection();
            if (!connection.getAutoCommit()) {
                writer.rollback();
            }
        } catch (java.sql.SQLException | RuntimeException e) {
            org.slf4j.LoggerFactory.getLogger(Database.class)
                    .warn("rolling back: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checkpoints.close();
        writer.close();
        readers.forEach(Handle::close);
        pages.close();
        closeChannel();
    }

    /// After all connections: closing any descriptor of a file takes the locks from all others
    /// that the process has of it.
    private void closeChannel() {
        try {
            file.close();
        } catch (IOException e) {
            throw new StoreException("cannot close the database file", e);
        }
    }

    /// One caller's piece of the next commit.
    private static final class Work<T> {
        private final Function<Handle, T> body;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private Runnable settle = () -> {};

        Work(Function<Handle, T> body) {
            this.body = body;
        }

        void attempt(Handle handle) {
            handle.savepoint("piece");
            try {
                T result = body.apply(handle);
                handle.releaseSavepoint("piece");
                settle = () -> outcome.complete(result);
            } catch (RuntimeException e) {
                // forgets the savepoint too; releasing it as well fails the whole commit
                handle.rollbackToSavepoint("piece");
                var fault = DiskFaults.named(e);
                settle = () -> outcome.completeExceptionally(fault);
            }
        }

        void settle() {
            settle.run();
        }

        void fail(StoreException e) {
            outcome.completeExceptionally(e);
        }
    }
}
