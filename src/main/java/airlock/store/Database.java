package airlock.store;

import airlock.store.DiskSpace.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The state of one machine: an SQLite file in WAL mode with `synchronous=FULL`.
///
/// **Threads**: any. One thread writes, and commits what others hand it together, so that they
/// share a sync. Readers have their own connections and never wait for it.
/// **Failures**: work that throws is rolled back alone (by savepoints), and its caller gets the
/// exception; if a commit fails, all its callers get a [StoreException].
/// **Limits**: at most [#MOST_TOGETHER] pieces of work per commit, [#READERS] readers at the same
/// time, and [#PAGES] pages.
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// Logs each statement's text, without values, if it is at `trace` when a database is opened.
    private static final Logger STATEMENTS = LoggerFactory.getLogger("airlock.store.statements");

    private static final int MOST_TOGETHER = 256;
    private static final int READERS = 4;
    static final int PAGES = 4; // the number of pages read concurrently

    /// The longest that reading a page may take.
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

    /// Opens `file`, creating it if missing and migrating it to this version's schema. Keeps a copy
    /// from before a migration beside it.
    ///
    /// @throws StoreException if a newer version wrote it, it is damaged, or the disk is too full
    public static Database open(Path file) {
        return open(file, new Disk(file.toAbsolutePath().resolveSibling("")));
    }

    static Database open(Path file, DiskSpace room) {
        return open(file, room, PATIENCE);
    }

    static Database open(Path file, DiskSpace room, Duration patience) {
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
        // unused, and they cost a query after each insert
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

    /// Runs `work` in a transaction and returns its result once it is on disk.
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

    /// Makes an empty commit; throws if even that fails.
    public void probe() {
        int _ = write(handle -> handle.execute("SELECT 1"));
    }

    /// Runs `work` on a connection that sees the last commit; it must not write.
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

    /// The rows that `sql` selects with `values`, in order.
    public <T> List<T> select(RowMapper<T> mapper, String sql, Object... values) {
        return read(handle -> handle.select(sql, values).map(mapper).list());
    }

    /// As [#read], for pages, badges and the API, on connections of their own.
    ///
    /// @throws airlock.event.TooSlowException if it takes too long
    public <T> T readPage(Function<Handle, T> work) {
        reads.increment();
        return pages.read(work);
    }

    public Use use() {
        return new Use(reads.sum(), writes.sum());
    }

    /// Counts pieces of work, successful or not.
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
        } catch (SQLException | RuntimeException e) {
            LOG.warn("cannot roll back: {}", e.getMessage());
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

    /// Must come after all connections: closing a descriptor of a file releases the locks that the
    /// process holds through its other descriptors.
    private void closeChannel() {
        try {
            file.close();
        } catch (IOException e) {
            throw new StoreException("cannot close the database file", e);
        }
    }

    private static final class Work<T> {
        private static final Set<Integer> DISK_FAULTS =
                Set.of(SQLiteErrorCode.SQLITE_FULL.code, SQLiteErrorCode.SQLITE_IOERR.code);

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
                // also drops the savepoint; releasing it then would fail the whole commit
                handle.rollbackToSavepoint("piece");
                var fault = named(e);
                settle = () -> outcome.completeExceptionally(fault);
            }
        }

        /// A [StoreException] if the disk is to blame, else `fault` itself.
        private static RuntimeException named(RuntimeException fault) {
            for (@Nullable Throwable at = fault; at != null; at = at.getCause()) {
                // the low byte of an extended code is the primary one (sqlite.org/rescode.html)
                if (at instanceof SQLiteException sqlite
                        && DISK_FAULTS.contains(sqlite.getResultCode().code & 0xff)) {
                    return new StoreException(
                            "the state could not be written: " + sqlite.getMessage(), fault);
                }
            }
            return fault;
        }

        void settle() {
            settle.run();
        }

        void fail(StoreException e) {
            outcome.completeExceptionally(e);
        }
    }
}
