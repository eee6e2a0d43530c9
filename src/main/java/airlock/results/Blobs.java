package airlock.results;

import airlock.base.OwnFiles;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// The outputs of phases: files named by their hash, and rows that say which runs left them.
public final class Blobs {
    private final Database database;
    private final Path directory;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    public Blobs(Database database, Path directory, InstantSource clock) {
        this.database = database;
        this.directory = directory;
        this.clock = clock;
    }

    /// Keeps `output` as `name` of the phase; moves the file.
    ///
    /// @param name `artifacts`, `cache` or `dependencies`
    public Blob keep(PhaseKey phase, String name, Blob output, BlobOwner owner) {
        return keep(phase, name, output, owner, BlobMark.NONE);
    }

    /// As [#keep(PhaseKey, String, Blob, BlobOwner)].
    ///
    /// @param mark how later runs find it
    public Blob keep(PhaseKey phase, String name, Blob output, BlobOwner owner, BlobMark mark) {
        return alone(() -> kept(phase, name, output, owner, mark));
    }

    private Blob kept(PhaseKey phase, String name, Blob output, BlobOwner owner, BlobMark mark) {
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
        long now = clock.millis();
        database.write(handle -> insert(handle, new Row(phase, name, output, owner, mark, now)));
        return stored(output.sha256(), output.bytes(), owner.holdsSecrets());
    }

    /// @param made by a phase, at this time
    record Row(
            PhaseKey phase, String name, Blob output, BlobOwner owner, BlobMark mark, long made) {}

    int insert(Handle handle, Row row) {
        long now = clock.millis();
        return handle.createUpdate(
                        """
                        INSERT INTO blob (run, phase, name, sha256, bytes, repository, kind, subject,
                            trust, private, created_at, label, reuse_key, keyed_at, offered, expires_at)
                        VALUES (:run, :phase, :name, :hash, :bytes, :repository, :kind, :subject,
                            :trust, :private, :now, :label, :key, :made, :offered, :expires)
                        ON CONFLICT (run, phase, name) DO UPDATE SET sha256 = excluded.sha256,
                            bytes = excluded.bytes, private = excluded.private,
                            created_at = excluded.created_at, removed_at = 0,
                            label = excluded.label, reuse_key = excluded.reuse_key,
                            keyed_at = excluded.keyed_at, offered = excluded.offered,
                            expires_at = excluded.expires_at
                        """)
                .bind("run", row.phase().run().text())
                .bind("phase", row.phase().phase().key())
                .bind("name", row.name())
                .bind("hash", row.output().sha256())
                .bind("bytes", row.output().bytes())
                .bind("repository", row.owner().repository().toString())
                .bind("kind", row.owner().subject().kind())
                .bind("subject", row.owner().subject().key())
                .bind("trust", row.owner().trust().key())
                .bind("private", row.owner().holdsSecrets())
                .bind("now", now)
                .bind("label", row.mark().label())
                .bind("key", row.mark().key())
                .bind("made", row.made())
                .bind("offered", row.mark().isOffered())
                .bind("expires", row.mark().keep().map(age -> now + age.toMillis()).orElse(0L))
                .execute();
    }

    /// Outputs that are found by a hash of their inputs.
    public KeyedBlobs keyed() {
        return new KeyedBlobs(database, this, clock);
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
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT removed_at FROM blob
                                        WHERE run = :run AND phase = :phase AND name = :name
                                            AND removed_at > 0
                                        """)
                                .bind("run", run.text())
                                .bind("phase", phase.key())
                                .bind("name", name)
                                .map((rows, _) -> Instant.ofEpochMilli(rows.getLong(1)))
                                .findOne());
    }

    /// The output `name` of a phase, if it is still kept.
    public Optional<Blob> of(RunId run, Phase phase, String name) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT sha256, bytes, private FROM blob
                                        WHERE run = :run AND phase = :phase AND name = :name
                                            AND removed_at = 0
                                        """)
                                .bind("run", run.text())
                                .bind("phase", phase.key())
                                .bind("name", name)
                                .map(
                                        (rows, _) ->
                                                stored(
                                                        rows.getString(1),
                                                        rows.getLong(2),
                                                        rows.getBoolean(3)))
                                .findOne());
    }

    /// The outputs `name` of earlier runs that `reader` may start from, best first. Files that are
    /// missing on disk are left out.
    public List<Blob> earlier(BlobReader reader, String name) {
        return earlier(reader, name, BlobMark.NONE);
    }

    /// As [#earlier(BlobReader, String)].
    ///
    /// @param mark the label that they must have, and the key if it is not empty
    public List<Blob> earlier(BlobReader reader, String name, BlobMark mark) {
        return found(reader, name, mark).map(KeyedBlobs.Found::blob).toList();
    }

    Stream<KeyedBlobs.Found> found(BlobReader reader, String name, BlobMark mark) {
        return database.read(handle -> EarlierBlobs.find(handle, reader, name, mark)).stream()
                .map(
                        row ->
                                new KeyedBlobs.Found(
                                        stored(row.sha256(), row.bytes(), row.isPrivate()),
                                        Instant.ofEpochMilli(row.keyedAt())))
                .filter(found -> Files.exists(found.blob().file()));
    }

    private Blob stored(String sha256, long bytes, boolean isPrivate) {
        return new Blob(file(sha256), sha256, bytes, isPrivate);
    }

    /// Removes the file with this hash unless a row names it; returns how many bytes that freed. To
    /// be called within [#alone].
    long removeIfUnnamed(String hash) {
        boolean named =
                database.read(
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT EXISTS (SELECT 1 FROM blob
                                                    WHERE sha256 = :hash AND removed_at = 0)
                                                """)
                                        .bind("hash", hash)
                                        .mapTo(Boolean.class)
                                        .one());
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

    Path directory() {
        return directory;
    }

    Path file(String sha256) {
        return directory.resolve(sha256.substring(0, 2)).resolve(sha256 + ".tar");
    }
}
