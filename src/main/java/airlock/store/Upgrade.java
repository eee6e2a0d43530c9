package airlock.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a database to this version's schema. One that was there before is checked and copied
/// first; one of a newer version is refused untouched.
final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

    /// The copy, what migrating writes anew, and its log.
    private static final int ROOM = 3;

    private final Path file;
    private final Room room;
    private final Flyway flyway;

    Upgrade(Path file, Room room, Flyway flyway) {
        this.file = file;
        this.room = room;
        this.flyway = flyway;
    }

    /// @throws StoreException when it is newer, damaged, or there is no room; then nothing has
    ///     changed
    void run() {
        var info = flyway.info();
        refuseNewer(info);
        boolean old = info.applied().length > 0 && info.pending().length > 0;
        String version = old ? String.valueOf(info.pending()[0].getVersion()) : "";
        Path copy = file.resolveSibling(file.getFileName() + ".before-V" + version);
        if (old) {
            checkRoom();
            DatabaseFile.damage(file).ifPresent(this::refuseDamaged);
            DatabaseFile.copy(file, copy);
            LOG.info("the state is upgraded to schema {}; {} is its copy", newest(info), copy);
        }
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    "upgrading the state "
                            + file
                            + " failed: "
                            + e.getMessage()
                            + (old ? "; " + copy + " is a copy from before" : ""),
                    e);
        }
    }

    private void refuseNewer(MigrationInfoService info) {
        for (var migration : info.applied()) {
            if (migration.getState() == MigrationState.FUTURE_SUCCESS
                    || migration.getState() == MigrationState.FUTURE_FAILED) {
                throw new StoreException(
                        "the state %s was written by a newer airlock (schema %s, this one knows %s): start that version again, or restore a backup of this one"
                                .formatted(file, info.current().getVersion(), newest(info)));
            }
        }
    }

    /// The newest schema that this program knows.
    private static String newest(MigrationInfoService info) {
        String newest = "";
        for (var migration : info.all()) {
            if (migration.getState() != MigrationState.FUTURE_SUCCESS
                    && migration.getState() != MigrationState.FUTURE_FAILED) {
                newest = String.valueOf(migration.getVersion());
            }
        }
        return newest;
    }

    private void checkRoom() {
        long wanted = ROOM * size();
        if (room.free() < wanted) {
            throw new StoreException(
                    "upgrading the state %s takes %,d bytes of free room, there are %,d: make room and start again; nothing has changed"
                            .formatted(file, wanted, room.free()));
        }
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new StoreException("cannot read the size of " + file, e);
        }
    }

    private void refuseDamaged(String how) {
        throw new StoreException(
                "the state %s is damaged (%s), so it is not upgraded: restore a backup; nothing has changed"
                        .formatted(file, how));
    }
}
