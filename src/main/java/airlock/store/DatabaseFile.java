package airlock.store;

import airlock.base.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// Copies and checks databases as files.
public final class DatabaseFile {
    private DatabaseFile() {}

    /// Copies a database as of its last commit, while it may be in use. `to` is readable by its
    /// owner only, durable, and either complete or missing.
    ///
    /// @throws StoreException if it cannot be read or written
    public static void copy(Path from, Path to) {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            // SQLite fills an existing empty file and keeps its permissions
            OwnFiles.create(part).close();
            open(from).useHandle(handle -> handle.execute("VACUUM INTO ?", part.toString()));
            OwnFiles.force(part);
            OwnFiles.move(part, to);
        } catch (IOException | JdbiException e) {
            throw new StoreException(
                    "cannot copy the database %s to %s: %s".formatted(from, to, e.getMessage()), e);
        }
    }

    /// Checks all of a file; returns the damage in SQLite's words, or empty.
    public static Optional<String> damage(Path file) {
        try {
            return open(file)
                    .withHandle(
                            handle ->
                                    handle.createQuery("PRAGMA integrity_check(1)")
                                            .mapTo(String.class)
                                            .findFirst()
                                            .filter(said -> !said.equals("ok")));
        } catch (JdbiException e) {
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
