package airlock.results;

import airlock.base.Hash;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.store.Database;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Archives of dependencies that are found by a hash of all that pre_plan makes them from
/// (docs/adr/0041). The rules for who may have them are those of [EarlierBlobs] (T6).
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

    /// An archive that a run may have without running its pre_plan.
    ///
    /// @param made by a pre_plan, at this time
    public record Found(Blob blob, Instant made) {}

    /// Gives the best archive of `key` to the run, as if `phase` had left it; from then on it is
    /// kept for that run. An archive whose bytes have changed on disk is never given again.
    ///
    /// @param room bytes that fit on its drive
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
                blobs.found(reader, NAME, BlobMark.of(key))
                        .filter(it -> it.blob().bytes() <= room)
                        .findFirst();
        found.ifPresent(it -> database.write(handle -> give(handle, phase, reader, key, it)));
        return found;
    }

    /// The given archive has the trust class of the run that gets it: never a higher one.
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

    /// Never gives the dependencies of `run` to another run again.
    public void forgetThoseOf(RunId run) {
        blobs.of(run, Phase.PRE_PLAN, NAME).map(Blob::sha256).ifPresent(this::forget);
    }

    private void forget(String sha256) {
        database.write(
                handle ->
                        handle.execute("UPDATE blob SET reuse_key = '' WHERE sha256 = ?", sha256));
    }

    private int remove(Handle handle, PhaseKey phase) {
        return handle.execute(
                "UPDATE blob SET removed_at = ? WHERE run = ? AND phase = ? AND name = ?",
                clock.millis(),
                phase.run().text(),
                phase.phase().key(),
                NAME);
    }

    /// Also false if it cannot be read.
    private static boolean isWhole(Blob blob) {
        try {
            return Hash.sha256(blob.file()).equals(blob.sha256());
        } catch (IOException _) {
            return false;
        }
    }
}
