package airlock.queue;

import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.store.Database;
import airlock.store.PrunableRows;
import java.time.Duration;
import java.time.InstantSource;

/// The bodies of deliveries that retention removes, one item for each hook and day. The rows stay
/// for ever with the bodies' hashes, so that repeated deliveries are recognised (T5); the database
/// reuses the space.
public final class PrunableDeliveries implements Prunable {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Database database;
    private final InstantSource clock;

    public PrunableDeliveries(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public PrunableLook look() {
        return new PrunableRows(database, "deliveries");
    }

    /// Removes bodies that arrived before the item was listed.
    @Override
    public boolean remove(PrunableItem item) {
        long day = Long.parseLong(item.key());
        return database.write(
                handle ->
                        handle.execute(
                                        """
                                        UPDATE delivery SET body = X'', body_removed_at = ?
                                        WHERE hook = ? AND body_removed_at = 0
                                            AND received_at BETWEEN ? AND ?
                                        """,
                                        clock.millis(),
                                        item.owner(),
                                        day * DAY,
                                        item.used().toEpochMilli())
                                > 0);
    }

    @Override
    public int tidy() {
        return 0;
    }
}
