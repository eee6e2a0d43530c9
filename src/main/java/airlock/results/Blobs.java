package airlock.results;

import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.event.Phase;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.store.Database;
import airlock.store.PrunableRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// The outputs of phases: files named by their hash, and rows that say which runs left them.
public final class Blobs {
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{64})\\.tar");
    private static final String DEPENDENCIES = "dependencies";

    /// How many earlier outputs to find, in case the newest do not fit or are missing on disk.
    private static final int MOST = 5;

    private final Database database;
    private final Path directory;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    public Blobs(Database database, Path directory, InstantSource clock) {
        this.database = database;
        this.directory = directory;
        this.clock = clock;
    }

    /// How later runs find an output, and how long it is kept.
    ///
    /// @param label the name of a cache; empty if only its own plan uses it
    /// @param key a hash of its inputs; empty if they do not matter
    /// @param isOffered whether other runs may have it
    /// @param keep it is removed after this time, if not before
    public record BlobMark(String label, String key, boolean isOffered, Optional<Duration> keep) {
        public static final BlobMark NONE = of("");

        /// For dependencies.
        public static BlobMark of(String key) {
            return new BlobMark("", key, true, Optional.empty());
        }
    }

    /// An output that a run may start from.
    ///
    /// @param made by a phase, at this time; 1970 if it has no key
    public record Found(Blob blob, Instant made) {}

    /// Keeps `output` as `name` of the phase; moves the file.
    ///
    /// @param name `artifacts`, `cache` or `dependencies`
    public Blob keep(PhaseKey phase, String name, Blob output, BlobMark mark) {
        return alone(() -> kept(phase, name, output, mark));
    }

    private Blob kept(PhaseKey phase, String name, Blob output, BlobMark mark) {
        Path target = file(output.sha256());
        try {
            Files.createDirectories(target.getParent());
            OwnFiles.force(output.file());
            Files.move(
                    output.file(),
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot keep " + name + " of run " + phase.run() + " as " + target, e);
        }
        insert(phase, name, new Found(output, clock.instant()), mark);
        return stored(output.sha256(), output.bytes(), output.isPrivate());
    }

    /// Gives the output the ref and the trust class of the phase's run: they decide who may read it
    /// (T6).
    private void insert(PhaseKey phase, String name, Found output, BlobMark mark) {
        long now = clock.millis();
        int _ =
                database.write(
                        handle ->
                                handle.createUpdate(
                                                """
                                                INSERT INTO blob (run, phase, name, sha256, bytes, repository, kind, subject,
                                                    trust, private, created_at, label, reuse_key, keyed_at, offered, expires_at)
                                                SELECT id, :phase, :name, :hash, :bytes, repository, kind, subject,
                                                    trust, :private, :now, :label, :key, :made, :offered, :expires
                                                FROM run WHERE id = :run
                                                ON CONFLICT (run, phase, name) DO UPDATE SET sha256 = excluded.sha256,
                                                    bytes = excluded.bytes, private = excluded.private,
                                                    created_at = excluded.created_at, removed_at = 0,
                                                    label = excluded.label, reuse_key = excluded.reuse_key,
                                                    keyed_at = excluded.keyed_at, offered = excluded.offered,
                                                    expires_at = excluded.expires_at
                                                """)
                                        .bind("run", phase.run().text())
                                        .bind("phase", phase.phase().key())
                                        .bind("name", name)
                                        .bind("hash", output.blob().sha256())
                                        .bind("bytes", output.blob().bytes())
                                        .bind("private", output.blob().isPrivate())
                                        .bind("now", now)
                                        .bind("label", mark.label())
                                        .bind("key", mark.key())
                                        .bind("made", output.made().toEpochMilli())
                                        .bind("offered", mark.isOffered())
                                        .bind(
                                                "expires",
                                                mark.keep()
                                                        .map(age -> now + age.toMillis())
                                                        .orElse(0L))
                                        .execute());
    }

    /// Does `work` while no output is being kept or removed, so that a file and its row change
    /// together.
    <T> T alone(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /// When the output `name` of a phase was removed; empty if it is kept, or never existed.
    public Optional<Instant> removed(RunId run, Phase phase, String name) {
        return database
                .select(
                        (rows, _) -> Instant.ofEpochMilli(rows.getLong(1)),
                        """
                        SELECT removed_at FROM blob
                        WHERE run = ? AND phase = ? AND name = ? AND removed_at > 0
                        """,
                        run.text(),
                        phase.key(),
                        name)
                .stream()
                .findFirst();
    }

    /// The output `name` of a phase, if it is still kept.
    public Optional<Blob> of(RunId run, Phase phase, String name) {
        return database
                .select(
                        (rows, _) -> stored(rows.getString(1), rows.getLong(2), rows.getBoolean(3)),
                        """
                        SELECT sha256, bytes, private FROM blob
                        WHERE run = ? AND phase = ? AND name = ? AND removed_at = 0
                        """,
                        run.text(),
                        phase.key(),
                        name)
                .stream()
                .findFirst();
    }

    /// The outputs `name` of earlier runs that `run` may start from (T6), best first: those of the
    /// same plan, or with a cache of the same name; of its own ref or change request before the
    /// default branch, newest first. Outputs of a lower trust class are never found, so no output
    /// raises trust; and a run from outside finds nothing private. Files that are missing on disk
    /// are left out.
    ///
    /// @param mark the label that they must have, and the key if it is not empty
    public List<Found> earlier(
            RunId run, Subject.Branch defaultBranch, String name, BlobMark mark) {
        return database
                .read(
                        handle ->
                                Stream.of("", defaultBranch.key())
                                        .flatMap(ref -> of(handle, run, ref, name, mark).stream())
                                        .limit(MOST)
                                        .toList())
                .stream()
                .filter(found -> Files.exists(found.blob().file()))
                .toList();
    }

    /// @param branch whose outputs are wanted; empty for those of the run's own ref, whichever it
    ///     is
    private List<Found> of(Handle handle, RunId run, String branch, String name, BlobMark mark) {
        return handle.createQuery(
                        """
                        SELECT b.sha256, b.bytes, b.private, b.keyed_at
                        FROM run me JOIN blob b ON b.repository = me.repository JOIN run r ON r.id = b.run
                        WHERE me.id = :run AND b.run <> :run AND b.name = :name
                            AND b.kind = CASE :branch WHEN '' THEN me.kind ELSE 'branch' END
                            AND b.subject = CASE :branch WHEN '' THEN me.subject ELSE :branch END
                            AND NOT (me.kind = 'branch' AND me.subject = :branch)
                            AND b.removed_at = 0 AND b.offered = 1 AND b.label = :label
                            AND (:key = '' OR b.reuse_key = :key)
                            AND (:label <> '' OR r.plan = me.plan AND r.cell = me.cell)
                            AND (b.trust = me.trust OR b.trust = 'listed' OR me.trust = 'outside')
                            AND (b.private = 0 OR me.trust <> 'outside')
                        ORDER BY b.created_at DESC, r.seq DESC, b.phase = 'plan' DESC
                        LIMIT :most
                        """)
                .bind("run", run.text())
                .bind("branch", branch)
                .bind("name", name)
                .bind("label", mark.label())
                .bind("key", mark.key())
                .bind("most", MOST)
                .map(
                        (rows, _) ->
                                new Found(
                                        stored(
                                                rows.getString(1),
                                                rows.getLong(2),
                                                rows.getBoolean(3)),
                                        Instant.ofEpochMilli(rows.getLong(4))))
                .list();
    }

    /// Gives the best archive of dependencies of `key` to the run, as if `phase` had left it; from
    /// then on it is kept for that run (docs/adr/0041). An archive whose bytes have changed on disk
    /// is never given again.
    ///
    /// @param room bytes that fit on its drive
    public Optional<Found> take(
            PhaseKey phase, Subject.Branch defaultBranch, String key, long room) {
        while (true) {
            var found = alone(() -> taken(phase, defaultBranch, key, room));
            if (found.isEmpty() || isWhole(found.get().blob())) {
                return found;
            }
            forget(found.get().blob().sha256());
            execute(
                    "UPDATE blob SET removed_at = ? WHERE run = ? AND phase = ? AND name = ?",
                    clock.millis(),
                    phase.run().text(),
                    phase.phase().key(),
                    DEPENDENCIES);
        }
    }

    private Optional<Found> taken(
            PhaseKey phase, Subject.Branch defaultBranch, String key, long room) {
        var mark = BlobMark.of(key);
        var found =
                earlier(phase.run(), defaultBranch, DEPENDENCIES, mark).stream()
                        .filter(it -> it.blob().bytes() <= room)
                        .findFirst();
        found.ifPresent(it -> insert(phase, DEPENDENCIES, it, mark));
        return found;
    }

    /// Never gives the dependencies of `run` to another run again.
    public void forgetDependencies(RunId run) {
        of(run, Phase.PRE_PLAN, DEPENDENCIES).map(Blob::sha256).ifPresent(this::forget);
    }

    private void forget(String sha256) {
        execute("UPDATE blob SET reuse_key = '' WHERE sha256 = ?", sha256);
    }

    private void execute(String sql, Object... values) {
        int _ = database.write(handle -> handle.execute(sql, values));
    }

    /// Also false if it cannot be read.
    private static boolean isWhole(Blob blob) {
        try {
            return Hash.sha256(blob.file()).equals(blob.sha256());
        } catch (IOException _) {
            return false;
        }
    }

    private Blob stored(String sha256, long bytes, boolean isPrivate) {
        return new Blob(file(sha256), sha256, bytes, isPrivate);
    }

    /// Removes the file with this hash unless a row names it; returns how many bytes that freed. To
    /// be called within [#alone].
    long removeIfUnnamed(String hash) {
        boolean named =
                !database.select(
                                (rows, _) -> rows.getInt(1),
                                "SELECT 1 FROM blob WHERE sha256 = ? AND removed_at = 0 LIMIT 1",
                                hash)
                        .isEmpty();
        Path file = file(hash);
        try {
            if (named || !Files.exists(file)) {
                return 0;
            }
            long bytes = Math.max(1, Files.size(file));
            return Files.deleteIfExists(file) ? bytes : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the output " + file, e);
        }
    }

    Path file(String sha256) {
        return directory.resolve(sha256.substring(0, 2)).resolve(sha256 + ".tar");
    }

    /// The outputs as a prunable. An item is a file in one repository, however many runs left the
    /// same bytes.
    public Prunable prunable() {
        return new Outputs();
    }

    /// First the rows of an output are marked, then its file is removed if no row names it; the
    /// lock stops a run from keeping the same bytes in between.
    private final class Outputs implements Prunable {
        @Override
        public PrunableLook look() {
            return new PrunableRows(database, "blobs");
        }

        @Override
        public boolean remove(PrunableItem item) {
            return alone(
                    () -> {
                        boolean removed = database.write(handle -> mark(handle, item));
                        if (removed) {
                            removeIfUnnamed(item.key());
                        }
                        return removed;
                    });
        }

        private boolean mark(Handle handle, PrunableItem item) {
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
                    "blob WHERE sha256 = value AND removed_at = 0",
                    directory,
                    2,
                    FILE,
                    (_, hash) -> alone(() -> removeIfUnnamed(hash) > 0));
        }
    }
}
