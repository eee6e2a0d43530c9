package airlock.store;

import airlock.event.TooSlowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The connections for pages, badges and the API. They are separate from those for work, so that no
/// claim or heartbeat waits for pages. Each piece of work has a deadline, which includes waiting
/// for a connection.
///
/// **Failures**: a [TooSlowException] at the deadline, where SQLite interrupts the query
/// (sqlite.org/c3ref/progress_handler.html).
final class PageReaders implements AutoCloseable {
    /// SQLite's virtual machine steps between checks of the clock: well below a millisecond.
    private static final int STEPS = 20_000;

    private final Duration patience;
    private final BlockingQueue<Reader> idle;

    /// @param handles connections for this class alone
    PageReaders(List<Handle> handles, Duration patience) {
        this.patience = patience;
        var readers = new ArrayList<Reader>();
        handles.forEach(handle -> readers.add(new Reader(handle, new Deadline())));
        this.idle = new ArrayBlockingQueue<>(handles.size(), true, readers);
    }

    private record Reader(Handle handle, Deadline deadline) {}

    private static final class Deadline extends ProgressHandler {
        private volatile long end;

        @Override
        protected int progress() {
            return System.nanoTime() - end > 0 ? 1 : 0;
        }
    }

    <T> T read(Function<Handle, T> work) {
        long end = System.nanoTime() + patience.toNanos();
        var reader = take();
        try {
            reader.deadline().end = end;
            ProgressHandler.setHandler(reader.handle().getConnection(), STEPS, reader.deadline());
            return work.apply(reader.handle());
        } catch (SQLException e) {
            throw new StoreException("cannot give a query its deadline", e);
        } catch (RuntimeException e) {
            if (isInterrupted(e)) {
                throw tooSlow("did not finish");
            }
            throw e;
        } finally {
            idle.add(reader);
        }
    }

    private Reader take() {
        try {
            var reader = idle.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (reader == null) {
                throw tooSlow("got no connection");
            }
            return reader;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "interrupted while waiting for a connection to the database", e);
        }
    }

    private TooSlowException tooSlow(String what) {
        return new TooSlowException(
                "a database query %s within %d ms".formatted(what, patience.toMillis()));
    }

    private static boolean isInterrupted(RuntimeException fault) {
        for (@Nullable Throwable at = fault; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException sqlite
                    && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_INTERRUPT) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        idle.forEach(reader -> reader.handle().close());
    }
}
