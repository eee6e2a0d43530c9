package airlock.results;

import airlock.base.Hash;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Archives of dependencies that are found again by a hash over all that pre_plan makes of them
/// (docs/adr/0041). Who may have them is decided as for all that earlier runs left (T6).
public final class KeyedBlobs {
    private static final String NAME = "dependencies";

    private final Database database;
    private final Blobs blobs;
    private final InstantSource clock;

    KeyedBlobs(Database database, Blobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// An archive that a run may have without its pre_plan.
    ///
    /// @param made when a pre_plan has made it
    public record Found(Blob blob, Instant made) {}

    /// Gives the best archive of `key` to the run of `phase`, as if that phase had left it; from
    /// then on it is kept for that run. One whose bytes are not those that were kept any more is
    /// never given again.
    ///
    /// @param room the length that fits its drive, in bytes
    public Optional<Found> take(PhaseKey phase, BlobReader reader, String key, long room) {
        while (true) {
            var found = blobs.alone(() -> taken(phase, reader, key, room));
            if (found.isEmpty() || isWhole(found.get().blob())) {
                return found;
            }
            forget(found.get().blob().sha256());
            database.write(handle -> remove(handle, phase));
        }
    }

    private Optional<Found> taken(PhaseKey phase, BlobReader reader, String key, long room) {
        var found =
                database
                        .read(handle -> EarlierBlobs.find(handle, reader, NAME, BlobMark.of(key)))
                        .stream()
                        .map(row -> new Found(blob(row), Instant.ofEpochMilli(row.keyedAt())))
                        .filter(it -> it.blob().bytes() <= room)
                        .filter(it -> Files.exists(it.blob().file()))
                        .findFirst();
        found.ifPresent(it -> database.write(handle -> give(handle, phase, reader, key, it)));
        return found;
    }

    private Blob blob(EarlierBlobs.Row row) {
        return new Blob(blobs.file(row.sha256()), row.sha256(), row.bytes(), row.isPrivate());
    }

    /// What is given on has the class of the run that it is given to: never a higher one.
    private int give(Handle handle, PhaseKey phase, BlobReader reader, String key, Found found) {
        var owner =
                new BlobOwner(
                        reader.repository(),
                        reader.subject(),
                        reader.trust(),
                        found.blob().isPrivate());
        long made = found.made().toEpochMilli();
        return blobs.insert(
                handle, new Blobs.Row(phase, NAME, found.blob(), owner, BlobMark.of(key), made));
    }

    /// Has the dependencies of `run` never given to another run in place of its pre_plan.
    public void forgetThoseOf(RunId run) {
        blobs.of(run, Phase.PRE_PLAN, NAME).map(Blob::sha256).ifPresent(this::forget);
    }

    private void forget(String sha256) {
        database.write(
                handle ->
                        handle.createUpdate("UPDATE blob SET reuse_key = '' WHERE sha256 = :hash")
                                .bind("hash", sha256)
                                .execute());
    }

    private int remove(Handle handle, PhaseKey phase) {
        return handle.createUpdate(
                        """
                        UPDATE blob SET removed_at = :now
                        WHERE run = :run AND phase = :phase AND name = :name
                        """)
                .bind("now", clock.millis())
                .bind("run", phase.run().text())
                .bind("phase", phase.phase().key())
                .bind("name", NAME)
                .execute();
    }

    /// What can't be read is not whole either.
    private static boolean isWhole(Blob blob) {
        try {
            return Hash.sha256(blob.file()).equals(blob.sha256());
        } catch (IOException _) {
            return false;
        }
    }
}
