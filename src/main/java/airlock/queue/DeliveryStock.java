package airlock.queue;

import airlock.event.Stock;
import airlock.event.StockItem;
import airlock.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The bodies of deliveries as something to remove: an item for each hook and day. The rows stay
/// for ever, with the bodies' hashes, so that a delivery that comes again is known (T5); the room
/// in the database is used again.
public final class DeliveryStock implements Stock {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Database database;
    private final InstantSource clock;

    public DeliveryStock(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public List<StockItem> items() {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT COALESCE(p.repository, d.hook) AS owner, d.hook,
                                            d.received_at / :day AS number,
                                            SUM(LENGTH(d.body)) AS bytes, MAX(d.received_at) AS used
                                        FROM delivery d LEFT JOIN hook_pin p ON p.hook = d.hook
                                        WHERE d.body_removed_at = 0
                                        GROUP BY d.hook, d.received_at / :day
                                        """)
                                .bind("day", DAY)
                                .map(
                                        (rows, _) ->
                                                new StockItem(
                                                        rows.getString("owner"),
                                                        rows.getLong("number")
                                                                + " "
                                                                + rows.getString("hook"),
                                                        rows.getLong("bytes"),
                                                        Instant.ofEpochMilli(rows.getLong("used")),
                                                        false))
                                .list());
    }

    /// Removes what came until the item was listed; what came since stays.
    @Override
    public boolean remove(StockItem item) {
        int space = item.key().indexOf(' ');
        long day = Long.parseLong(item.key().substring(0, space));
        return database.write(
                handle ->
                        handle.createUpdate(
                                                """
                                                UPDATE delivery SET body = X'', body_removed_at = :now
                                                WHERE hook = :hook AND body_removed_at = 0
                                                    AND received_at BETWEEN :from AND :to
                                                """)
                                        .bind("now", clock.millis())
                                        .bind("hook", item.key().substring(space + 1))
                                        .bind("from", day * DAY)
                                        .bind("to", item.used().toEpochMilli())
                                        .execute()
                                > 0);
    }

    @Override
    public int tidy() {
        return 0;
    }
}
