package airlock.results;

import airlock.event.Stock;
import airlock.event.StockItem;
import airlock.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// The outputs of phases as something to remove: an item for each file and repository, however many
/// runs have left the same bytes. Rows first, then the file once no row names it; the lock of
/// [Blobs] keeps a run from keeping the same bytes in between.
public final class BlobStock implements Stock {
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{64})\\.tar");

    private final Database database;
    private final Blobs blobs;
    private final InstantSource clock;

    public BlobStock(Database database, Blobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    @Override
    public List<StockItem> items() {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT b.repository, b.sha256, MAX(b.bytes) AS bytes,
                                            MAX(b.created_at) AS used, MAX(r.state <> 'ended') AS needed,
                                            CASE MIN(b.expires_at) WHEN 0 THEN 0
                                                ELSE MAX(b.expires_at) END AS expires,
                                            MIN(b.trust = 'outside') AS outside
                                        FROM blob b JOIN run r ON r.id = b.run
                                        WHERE b.removed_at = 0 GROUP BY b.repository, b.sha256
                                        """)
                                .map(
                                        (rows, _) ->
                                                new StockItem(
                                                        rows.getString("repository"),
                                                        rows.getString("sha256"),
                                                        rows.getLong("bytes"),
                                                        Instant.ofEpochMilli(rows.getLong("used")),
                                                        rows.getBoolean("needed"),
                                                        expires(rows.getLong("expires")),
                                                        rows.getBoolean("outside")))
                                .list());
    }

    private static Instant expires(long millis) {
        return millis == 0 ? Instant.MAX : Instant.ofEpochMilli(millis);
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
        Set<String> named =
                database.read(
                        handle ->
                                new HashSet<>(
                                        handle.createQuery(
                                                        "SELECT DISTINCT sha256 FROM blob WHERE"
                                                                + " removed_at = 0")
                                                .mapTo(String.class)
                                                .list()));
        int removed = 0;
        for (String hash : hashes()) {
            if (!named.contains(hash) && blobs.alone(() -> blobs.removeIfUnnamed(hash) > 0)) {
                removed++;
            }
        }
        return removed;
    }

    private List<String> hashes() {
        if (!Files.isDirectory(blobs.directory())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(blobs.directory(), 2)) {
            return files.map(file -> FILE.matcher(file.getFileName().toString()))
                    .filter(name -> name.matches())
                    .map(name -> name.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the outputs in " + blobs.directory(), e);
        }
    }
}
