package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The caches and dependencies that later runs start from: what there is, and its removal before
/// its time. Artifacts belong to their runs and are none of it.
public final class Caches {
    /// Those of a run that has not ended are needed.
    private static final String OLDER =
            """
            b.removed_at = 0 AND b.name IN ('cache', 'dependencies') AND b.created_at < :before
                AND (:repository = '' OR b.repository = :repository)
                AND EXISTS (SELECT 1 FROM run r WHERE r.id = b.run AND r.state = 'ended')
            """;

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

    /// The newest archive that runs of one plan, ref and class have left.
    ///
    /// @param name `cache`, with its name where it has one, or `dependencies`
    /// @param archives how many there are of them, this one included
    /// @param bytes of all of them; what several have alike counts once
    /// @param keyed when the pre_plan ran that made the newest which later ones may do without;
    ///     empty where none may
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

    /// What was removed.
    ///
    /// @param bytes what the disk has back
    public record Removed(int archives, long bytes) {}

    /// All that there are, the largest first.
    ///
    /// @param repository only those of this one; of all where it is empty
    public List<Entry> list(String repository) {
        return database.read(
                handle ->
                        handle.createQuery(ALL)
                                .bind("repository", repository)
                                .map(
                                        (rows, _) ->
                                                new Entry(
                                                        RepositoryId.parse(
                                                                rows.getString("repository")),
                                                        Subject.of(
                                                                rows.getString("kind"),
                                                                rows.getString("subject"),
                                                                rows.getString("target")),
                                                        TrustClass.of(rows.getString("trust")),
                                                        rows.getString("plan"),
                                                        rows.getString("name"),
                                                        rows.getInt("archives"),
                                                        rows.getLong("bytes"),
                                                        Instant.ofEpochMilli(rows.getLong("made")),
                                                        Optional.of(rows.getLong("keyed"))
                                                                .filter(time -> time > 0)
                                                                .map(Instant::ofEpochMilli)))
                                .list());
    }

    /// Removes what was made before `before`, but for what a run that has not ended has left.
    ///
    /// @param repository only of this one; of all where it is empty
    public Removed prune(String repository, Instant before) {
        return blobs.alone(
                () -> {
                    Set<String> hashes = Set.copyOf(older(repository, before));
                    int archives = mark(repository, before);
                    var gone = hashes.stream().map(blobs::removeIfUnnamed);
                    return new Removed(archives, gone.collect(Collectors.summingLong(b -> b)));
                });
    }

    private List<String> older(String repository, Instant before) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT DISTINCT b.sha256 FROM blob b WHERE " + OLDER)
                                .bind("repository", repository)
                                .bind("before", before.toEpochMilli())
                                .mapTo(String.class)
                                .list());
    }

    private int mark(String repository, Instant before) {
        return database.write(
                handle ->
                        handle.createUpdate("UPDATE blob AS b SET removed_at = :now WHERE " + OLDER)
                                .bind("now", clock.millis())
                                .bind("repository", repository)
                                .bind("before", before.toEpochMilli())
                                .execute());
    }
}
