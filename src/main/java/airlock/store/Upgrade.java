package airlock.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Migrates a database to this version's schema. An older database is checked and copied first; a
/// newer one is refused unchanged.
final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
    private static final int ROOM = 3; // copy, migrated pages and write-ahead log

    private final Path file;
    private final DiskSpace room;
    private final Flyway flyway;

    Upgrade(Path file, DiskSpace room, Flyway flyway) {
        this.file = file;
        this.room = room;
        this.flyway = flyway;
    }

    /// @throws StoreException if it is newer or damaged or the disk is too full; the database is
    ///     unchanged then
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
            if (isFuture(migration)) {
                throw new StoreException(
                        "the state %s was written by a newer airlock (schema %s, this one knows %s): start that version again, or restore a backup of this one"
                                .formatted(file, info.current().getVersion(), newest(info)));
            }
        }
    }

    private static boolean isFuture(MigrationInfo migration) {
        return migration.getState() == MigrationState.FUTURE_SUCCESS
                || migration.getState() == MigrationState.FUTURE_FAILED;
    }

    private static String newest(MigrationInfoService info) {
        return Stream.of(info.all())
                .filter(migration -> !isFuture(migration))
                .reduce(
                        "",
                        (_, migration) -> String.valueOf(migration.getVersion()),
                        (_, last) -> last);
    }

    private void checkRoom() {
        long wanted = ROOM * size();
        if (room.free() < wanted) {
            throw new StoreException(
                    "upgrading the state %s needs %,d free bytes, and %,d are free: free some space and start again; nothing has changed"
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
