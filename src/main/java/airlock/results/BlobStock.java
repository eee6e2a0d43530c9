package airlock.results;

import airlock.event.Stock;
import airlock.event.StockItem;
import airlock.event.StockLook;
import airlock.store.Database;
import airlock.store.StockRows;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/// Removes outputs of phases. An item is a file in one repository, however many runs left the same
/// bytes. First its rows are marked, then the file is removed if no row names it; the lock of
/// [Blobs] stops a run from keeping the same bytes in between.
public final class BlobStock implements Stock {
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{64})\\.tar");

    private static final String ROWS = "blob WHERE sha256 = value AND removed_at = 0";

    private final Database database;
    private final Blobs blobs;
    private final InstantSource clock;

    public BlobStock(Database database, Blobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    @Override
    public StockLook look() {
        return new StockRows(database, "blobs");
    }

    @Override
    public boolean remove(StockItem item) {
        return blobs.alone(
                () -> {
                    boolean removed = database.write(handle -> mark(handle, item));
                    if (removed) {
                        blobs.removeIfUnnamed(item.key());
                    }
                    return removed;
                });
    }

    private boolean mark(Handle handle, StockItem item) {
        return handle.createUpdate(
                                """
                                UPDATE blob SET removed_at = :now
                                WHERE repository = :repository AND sha256 = :hash AND removed_at = 0
                                    AND NOT EXISTS (SELECT 1 FROM blob o JOIN run r ON r.id = o.run
                                        WHERE o.repository = :repository AND o.sha256 = :hash
                                            AND o.removed_at = 0 AND r.state <> 'ended')
                                """)
                        .bind("now", clock.millis())
                        .bind("repository", item.owner())
                        .bind("hash", item.key())
                        .execute()
                > 0;
    }

    @Override
    public int tidy() {
        return Strays.remove(
                database,
                ROWS,
                blobs.directory(),
                2,
                FILE,
                (_, hash) -> blobs.alone(() -> blobs.removeIfUnnamed(hash) > 0));
    }
}
