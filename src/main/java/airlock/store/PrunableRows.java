package airlock.store;

import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.event.Prunable.PrunableSum;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// Reads the table `stock`, which has a row per removable item, and its sums.
public final class PrunableRows implements PrunableLook {
    private static final String OF_OWNER =
            """
            SELECT * FROM stock WHERE shelf = :shelf AND owner = :owner AND outside = :outside
                AND (used_at, item) > (:time, :item)
            ORDER BY used_at, item LIMIT :most
            """;

    private static final String OF_ALL =
            """
            SELECT * FROM stock WHERE shelf = :shelf AND outside = :outside
                AND (used_at, item, owner) > (:time, :item, :owner)
            ORDER BY used_at, item, owner LIMIT :most
            """;

    private static final String EXPIRED =
            """
            SELECT * FROM stock WHERE shelf = :shelf AND expires_at > 0 AND expires_at < :now
                AND (expires_at, item, owner) > (:time, :item, :owner)
            ORDER BY expires_at, item, owner LIMIT :most
            """;

    private final Database database;
    private final String kind;

    /// @param kind `logs`, `blobs` or `deliveries`
    public PrunableRows(Database database, String kind) {
        this.database = database;
        this.kind = kind;
    }

    @Override
    public List<PrunableSum> sums() {
        return database.select(
                (rows, _) ->
                        new PrunableSum(
                                rows.getString("owner"),
                                rows.getBoolean("outside"),
                                rows.getLong("items"),
                                rows.getLong("bytes"),
                                time(rows, "oldest")),
                """
                SELECT owner, outside, items, bytes, (SELECT used_at FROM stock s
                    WHERE s.shelf = m.shelf AND s.owner = m.owner AND s.outside = m.outside
                    ORDER BY used_at LIMIT 1) AS oldest
                FROM stock_sum m WHERE shelf = ? AND items > 0
                """,
                kind);
    }

    @Override
    public List<PrunableItem> oldest(Which which, Optional<PrunableItem> after, int most) {
        boolean ofAll = which.owner().isEmpty();
        return page(
                after.map(item -> item.used().toEpochMilli()),
                after,
                most,
                handle -> {
                    var query =
                            handle.createQuery(ofAll ? OF_ALL : OF_OWNER)
                                    .bind("outside", which.outside());
                    return ofAll
                            ? query.bind("owner", after.map(PrunableItem::owner).orElse(""))
                            : query.bind("owner", which.owner());
                });
    }

    @Override
    public List<PrunableItem> expired(Instant now, Optional<PrunableItem> after, int most) {
        return page(
                after.map(item -> item.expires().toEpochMilli()),
                after,
                most,
                handle ->
                        handle.createQuery(EXPIRED)
                                .bind("now", now.toEpochMilli())
                                .bind("owner", after.map(PrunableItem::owner).orElse("")));
    }

    private List<PrunableItem> page(
            Optional<Long> time,
            Optional<PrunableItem> after,
            int most,
            Function<Handle, Query> query) {
        return database.read(
                handle ->
                        query.apply(handle)
                                .bind("shelf", kind)
                                .bind("time", time.orElse(Long.MIN_VALUE))
                                .bind("item", after.map(PrunableItem::key).orElse(""))
                                .bind("most", most)
                                .map((rows, _) -> item(rows))
                                .list());
    }

    private static PrunableItem item(ResultSet rows) throws SQLException {
        long expires = rows.getLong("expires_at");
        return new PrunableItem(
                rows.getString("owner"),
                rows.getString("item"),
                rows.getLong("bytes"),
                time(rows, "used_at"),
                false,
                expires == 0 ? Instant.MAX : Instant.ofEpochMilli(expires),
                rows.getBoolean("outside"));
    }

    private static Instant time(ResultSet rows, String column) throws SQLException {
        return Instant.ofEpochMilli(rows.getLong(column));
    }
}
