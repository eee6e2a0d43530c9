package airlock.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves what was committed from the write-ahead log into the database file, on a connection and
/// a thread of its own: left to SQLite, every few hundredth commit would do it, and all who wait
/// for that commit would wait for it.
///
/// **Limits**: the log grows while it is written to without a pause. When it has [#MOST_PAGES], the
/// writer itself moves the last few, so that it begins anew; another connection would wait for the
/// lock as long as there is work, and then the writer for it. SQLite forces the database file to
/// disk only then; that is done here before, so that little is left for the writer to wait for.
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Duration LOOK = Duration.ofMillis(250);

    /// Pieces of work after which it is worth a sync.
    private static final long WORTH = 200;

    /// Looks after which fewer are moved, too.
    private static final int PATIENCE = 240;

    /// 256 MiB.
    private static final int MOST_PAGES = 65_536;

    /// What comes while the file is forced is forced once more.
    private static final int FORCED = 2;

    private final LongSupplier done;
    private final Handle handle;
    private final FileChannel file;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean isLong;

    /// @param done how many pieces of work were committed so far
    /// @param handle a connection that nobody else uses
    /// @param file the database file
    Checkpoints(LongSupplier done, Handle handle, FileChannel file) {
        this.done = done;
        this.handle = handle;
        this.file = file;
        this.thread = Thread.ofPlatform().name("store-checkpoints").start(this::serve);
    }

    private void serve() {
        long moved = 0;
        int looks = 0;
        while (!isOver()) {
            long now = done.getAsLong();
            looks++;
            if (now - moved >= WORTH || (now > moved && looks >= PATIENCE)) {
                checkpoint();
                moved = now;
                looks = 0;
            }
        }
    }

    /// Waits for the next look.
    private boolean isOver() {
        try {
            return over.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void checkpoint() {
        try {
            if (move(handle) > MOST_PAGES) {
                for (int i = 0; i < FORCED; i++) {
                    file.force(false);
                    int _ = move(handle);
                }
                isLong = true;
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the write-ahead log stays as long as it is for now", e);
        }
    }

    /// Called by the writer between two commits.
    void finish(Handle writer) {
        if (isLong) {
            isLong = false;
            try {
                int _ = move(writer);
            } catch (RuntimeException e) {
                LOG.warn("the write-ahead log could not be begun anew", e);
            }
        }
    }

    /// Never waits for anybody; returns how many pages the log has.
    private static int move(Handle handle) {
        return handle.createQuery("PRAGMA wal_checkpoint(PASSIVE)")
                .map((rows, _) -> rows.getInt("log"))
                .one();
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        handle.close();
    }
}
