package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/// The source tars and mirrors that waiting and running work uses.
public final class InUse {
    private final Database database;

    public InUse(Database database) {
        this.database = database;
    }

    public Set<Path> sources() {
        return Set.copyOf(
                database.select(
                        (rows, _) -> Path.of(rows.getString(1)),
                        "SELECT DISTINCT source FROM run WHERE state <> 'ended'"));
    }

    static void use(Handle handle, String source, Instant now) {
        handle.execute(
                """
                INSERT INTO source_use (source, used_at) VALUES (?, ?)
                ON CONFLICT (source) DO UPDATE SET used_at = excluded.used_at
                """,
                source,
                now.toEpochMilli());
    }

    /// When a run last used each of these source tars, if known.
    public Map<Path, Instant> lastUses(Collection<Path> sources) {
        return latest("SELECT used_at FROM source_use WHERE source = :key", sources);
    }

    /// When each of these repositories last had a request.
    public Map<RepositoryId, Instant> lastRequests(Collection<RepositoryId> repositories) {
        return latest(
                """
                SELECT created_at FROM request WHERE repository = :key ORDER BY seq DESC LIMIT 1
                """,
                repositories);
    }

    private <K> Map<K, Instant> latest(String sql, Collection<K> keys) {
        return database.read(
                handle -> {
                    var times = new HashMap<K, Instant>();
                    for (K key : keys) {
                        handle.createQuery(sql)
                                .bind("key", key.toString())
                                .mapTo(Long.class)
                                .findOne()
                                .ifPresent(at -> times.put(key, Instant.ofEpochMilli(at)));
                    }
                    return times;
                });
    }

    /// Runs `removal` unless a run that has not ended uses `source`, or a fetch of `repository` is
    /// running, which may reuse that tar. Nothing can be claimed in the meantime, so `removal` must
    /// be short. Returns whether it ran and returned true.
    public boolean unless(RepositoryId repository, Path source, BooleanSupplier removal) {
        return database.write(
                handle -> {
                    boolean done = !isNeeded(handle, repository, source) && removal.getAsBoolean();
                    if (done) {
                        handle.execute(
                                "DELETE FROM source_use WHERE source = ?", source.toString());
                    }
                    return done;
                });
    }

    private static boolean isNeeded(Handle handle, RepositoryId repository, Path source) {
        return handle.createQuery(
                        """
                        SELECT EXISTS (SELECT 1 FROM request
                                WHERE repository = :repository AND state = 'claimed')
                            OR EXISTS (SELECT 1 FROM run
                                WHERE source = :source AND state <> 'ended')
                        """)
                .bind("repository", repository.toString())
                .bind("source", source.toString())
                .mapTo(Boolean.class)
                .one();
    }
}
