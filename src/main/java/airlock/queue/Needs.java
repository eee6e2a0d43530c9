package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/// Which source tars and mirrors waiting and running work needs.
public final class Needs {
    private final Database database;

    public Needs(Database database) {
        this.database = database;
    }

    /// The source tars that runs need which have not ended.
    public Set<Path> sources() {
        return database.read(
                handle ->
                        new HashSet<>(
                                handle.createQuery(
                                                "SELECT DISTINCT source FROM run WHERE state <> 'ended'")
                                        .mapTo(String.class)
                                        .map(Path::of)
                                        .list()));
    }

    /// Notes that a run is made of `source`.
    static void use(Handle handle, String source, Instant now) {
        handle.createUpdate(
                        """
                        INSERT INTO source_use (source, used_at) VALUES (:source, :now)
                        ON CONFLICT (source) DO UPDATE SET used_at = excluded.used_at
                        """)
                .bind("source", source)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /// When a run was last made of each of these source tars, as far as that is known.
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

    /// Does `removal` unless a run that has not ended needs `source`, or a source of `repository`
    /// is being read, which may find that tar; nothing is claimed meanwhile, so `removal` must be
    /// short. Says whether it was done and said true.
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
