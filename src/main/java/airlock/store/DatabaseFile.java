package airlock.store;

import airlock.base.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// A database as a file: copied while a server uses it, looked at before one does.
public final class DatabaseFile {
    /// What SQLite's own check says where it finds nothing.
    private static final String SOUND = "ok";

    private DatabaseFile() {}

    /// Copies the database as its last commit left it; whoever uses `from` goes on meanwhile. `to`
    /// is for its owner alone, on disk, and there whole or not at all.
    ///
    /// @throws StoreException when it can't be read or written
    public static void copy(Path from, Path to) {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            // SQLite writes into an empty file that is there, with its rights
            OwnFiles.create(part).close();
            open(from).useHandle(handle -> handle.execute("VACUUM INTO ?", part.toString()));
            OwnFiles.force(part);
            OwnFiles.move(part, to);
        } catch (IOException | org.jdbi.v3.core.JdbiException e) {
            throw new StoreException(
                    "cannot copy the database %s to %s: %s".formatted(from, to, e.getMessage()), e);
        }
    }

    /// What is wrong with the file, in SQLite's words; empty where nothing is. Reads all of it.
    public static Optional<String> damage(Path file) {
        try {
            return open(file)
                    .withHandle(
                            handle ->
                                    handle.createQuery("PRAGMA integrity_check(1)")
                                            .mapTo(String.class)
                                            .findFirst()
                                            .filter(said -> !said.equals(SOUND)));
        } catch (org.jdbi.v3.core.JdbiException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Jdbi open(Path file) {
        var config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return Jdbi.create(source);
    }
}
