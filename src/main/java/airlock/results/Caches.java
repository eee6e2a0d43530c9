package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Lists and removes the caches and dependencies that later runs start from, but no artifacts.
public final class Caches {
    private static final String ALL =
            """
            SELECT repository, kind, subject, target, trust, plan, name,
                COUNT(*) AS archives, SUM(bytes) AS bytes,
                MAX(made) AS made, MAX(keyed) AS keyed
            FROM (SELECT b.repository, b.kind, b.subject, r.target,
                    b.trust, r.plan, b.sha256, b.bytes,
                    CASE b.label WHEN '' THEN b.name ELSE b.name || ' ' || b.label END AS name,
                    MAX(b.created_at) AS made,
                    MAX(CASE WHEN b.name = 'dependencies' AND b.reuse_key <> ''
                        THEN b.keyed_at ELSE 0 END) AS keyed
                FROM blob b JOIN run r ON r.id = b.run
                WHERE b.removed_at = 0
                    AND b.name IN ('cache', 'dependencies')
                    AND (:repository = '' OR b.repository = :repository)
                GROUP BY b.repository, b.kind, b.subject, b.trust,
                    r.plan, b.name, b.label, b.sha256)
            GROUP BY repository, kind, subject, trust, plan, name
            ORDER BY bytes DESC, repository, subject, name
            """;

    private final Database database;
    private final Blobs blobs;
    private final InstantSource clock;

    public Caches(Database database, Blobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// The archives that runs of one plan, ref and trust class left.
    ///
    /// @param name `dependencies`, or `cache` with its name if it has one
    /// @param bytes of all of them; equal archives count once
    /// @param made when the newest was kept
    /// @param keyed when a pre_plan made the newest archive that later runs may reuse, if
    ///     one did
    public record Entry(
            RepositoryId repository,
            Subject subject,
            TrustClass trust,
            String plan,
            String name,
            int archives,
            long bytes,
            Instant made,
            Optional<Instant> keyed) {}

    public record Removed(int archives, long bytes) {}

    /// All entries, the largest first.
    ///
    /// @param repository empty for all
    public List<Entry> list(String repository) {
        return database.read(
                handle ->
                        handle.createQuery(ALL)
                                .bind("repository", repository)
                                .map((rows, _) -> entry(rows))
                                .list());
    }

    private static Entry entry(ResultSet rows) throws SQLException {
        return new Entry(
                RepositoryId.parse(rows.getString("repository")),
                ViewRows.subject(rows),
                TrustClass.of(rows.getString("trust")),
                rows.getString("plan"),
                rows.getString("name"),
                rows.getInt("archives"),
                rows.getLong("bytes"),
                Instant.ofEpochMilli(rows.getLong("made")),
                ViewRows.time(rows, "keyed"));
    }

    /// Removes archives made before `before`, except those of runs that have not ended.
    ///
    /// @param repository empty for all
    public Removed prune(String repository, Instant before) {
        return blobs.alone(
                () -> {
                    var hashes = database.write(handle -> mark(handle, repository, before));
                    var files = Set.copyOf(hashes);
                    long bytes = files.stream().mapToLong(blobs::removeIfUnnamed).sum();
                    return new Removed(hashes.size(), bytes);
                });
    }

    /// The hashes of the rows that it marks: not those of runs that have not ended, which still
    /// need them.
    private List<String> mark(Handle handle, String repository, Instant before) {
        return handle.createQuery(
                        """
                        UPDATE blob AS b SET removed_at = :now
                        WHERE b.removed_at = 0 AND b.name IN ('cache', 'dependencies')
                            AND b.created_at < :before
                            AND (:repository = '' OR b.repository = :repository)
                            AND EXISTS (SELECT 1 FROM run r WHERE r.id = b.run AND r.state = 'ended')
                        RETURNING sha256
                        """)
                .bind("now", clock.millis())
                .bind("repository", repository)
                .bind("before", before.toEpochMilli())
                .mapTo(String.class)
                .list();
    }
}
