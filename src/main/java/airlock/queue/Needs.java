package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    /// When a run was last made of each source tar.
    public Map<Path, Instant> lastUses() {
        return latest("SELECT source, MAX(created_at) FROM run GROUP BY source", Path::of);
    }

    /// When each repository last had a request.
    public Map<RepositoryId, Instant> lastRequests() {
        return latest(
                "SELECT repository, MAX(created_at) FROM request GROUP BY repository",
                RepositoryId::parse);
    }

    private <K> Map<K, Instant> latest(String sql, Function<String, K> key) {
        return database.read(
                handle ->
                        handle
                                .createQuery(sql)
                                .map(
                                        (rows, _) ->
                                                Map.entry(
                                                        key.apply(rows.getString(1)),
                                                        Instant.ofEpochMilli(rows.getLong(2))))
                                .stream()
                                .collect(Collectors.toMap(Entry::getKey, Entry::getValue)));
    }

    /// Does `removal` unless a run that has not ended needs `source`, or a source of `repository`
    /// is being read, which may find that tar; nothing is claimed meanwhile, so `removal` must be
    /// short. Says whether it was done and said true.
    public boolean unless(RepositoryId repository, Path source, BooleanSupplier removal) {
        return database.write(
                handle -> !isNeeded(handle, repository, source) && removal.getAsBoolean());
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
