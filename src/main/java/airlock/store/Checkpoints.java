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

/// Moves commits from the write-ahead log into the database file, on its own connection and thread.
/// SQLite's automatic checkpoints would delay every few hundredth commit and all who wait for it.
///
/// **Limits**: the log grows while it is written to without pause. At [#MOST_PAGES] the writer
/// itself moves the rest, so that the log restarts; any other connection would wait for the lock as
/// long as there is work. Only then does SQLite sync the database file, so we sync it first to
/// leave little to wait for.
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final long WORTH = 200; // the pieces of work that are worth a sync

    /// The looks after which fewer are moved, too: one minute.
    private static final int PATIENCE = 240;
    private static final int MOST_PAGES = 65_536; // 256 MiB
    private static final int FORCED = 2; // a second sync covers what came during the first

    private final LongSupplier done;
    private final Handle handle;
    private final FileChannel file;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean isLong;

    /// @param done counts committed pieces of work
    /// @param handle a connection for this class alone
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
            LOG.warn("cannot move the write-ahead log into the database; it keeps growing", e);
        }
    }

    /// Called by the writer between commits.
    void finish(Handle writer) {
        if (isLong) {
            isLong = false;
            try {
                int _ = move(writer);
            } catch (RuntimeException e) {
                LOG.warn("cannot restart the write-ahead log", e);
            }
        }
    }

    /// Moves what it can without waiting for a lock; returns the pages of the log.
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
