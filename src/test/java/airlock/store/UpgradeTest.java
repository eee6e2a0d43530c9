package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From each older schema forward, and from none back.
final class UpgradeTest {
    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("airlock.db");
    }

    /// A state of schema 2 with one delivery.
    private void old() {
        Flyway.configure()
                .dataSource("jdbc:sqlite:" + file, "", "")
                .locations("classpath:airlock/store/sqlite")
                .target("2")
                .load()
                .migrate();
        plainly("PRAGMA journal_mode = WAL");
        plainly(
                """
                INSERT INTO delivery (hook, delivery_id, event_name, received_at, body, body_hash, outcome)
                VALUES ('h', 'd', 'push', 1, X'00', 'hash', 'nothing')
                """);
    }

    private void plainly(String sql) {
        Jdbi.create("jdbc:sqlite:" + file).useHandle((Handle handle) -> handle.execute(sql));
    }

    private static long number(Path file, String sql) {
        return Jdbi.create("jdbc:sqlite:" + file)
                .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private List<String> copies() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.contains("before"))
                    .toList();
        }
    }

    @Test
    void anOldStateIsCopiedBesideAndThenUpgraded() throws IOException {
        old();
        try (var database = Database.open(file)) {
            assertThat(
                            database.<String>read(
                                    handle ->
                                            handle.createQuery(
                                                            "SELECT body_removed_at FROM delivery")
                                                    .mapTo(String.class)
                                                    .one()))
                    .isEqualTo("0");
        }
        assertThat(copies()).containsExactly("airlock.db.before-V3");
        Path copy = directory.resolve("airlock.db.before-V3");
        assertThat(number(copy, "SELECT COUNT(*) FROM delivery")).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
    }

    @Test
    void aNewStateAndOneOfThisVersionAreNotCopied() throws IOException {
        Database.open(file).close();
        Database.open(file).close();
        assertThat(copies()).isEmpty();
    }

    @Test
    void aStateOfANewerVersionIsRefusedAndLeftAsItIs() throws IOException {
        Database.open(file).close();
        plainly(
                """
                INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,
                    checksum, installed_by, execution_time, success)
                VALUES (99, '99', 'future', 'SQL', 'V99__future.sql', 1, 'x', 1, 1)
                """);
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer airlock (schema 99, this one knows")
                .hasMessageContaining("start that version again");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void withoutRoomForACopyNothingIsChanged() throws IOException {
        old();
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file, () -> 1_000))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("1,000 are free: free some space");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(copies()).isEmpty();
    }

    @Test
    void aDamagedStateIsNotUpgraded() throws IOException {
        old();
        plainly("CREATE TABLE much AS SELECT RANDOMBLOB(20000) AS bytes");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long last = channel.size() - 3 * 4096;
            channel.write(ByteBuffer.wrap(new byte[2 * 4096]), last);
        }

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("restore a backup");
        assertThat(copies()).isEmpty();
    }

    @Test
    void aCopyIsOfTheLastCommitWhileAServerGoesOn() {
        try (var database = Database.open(file)) {
            database.write(handle -> handle.execute("INSERT INTO forge_pause VALUES ('forge', 5)"));
            Path copy = directory.resolve("copy.db");
            DatabaseFile.copy(file, copy);
            database.write(handle -> handle.execute("DELETE FROM forge_pause"));

            assertThat(DatabaseFile.damage(copy)).isEmpty();
            Database.open(copy).close();
            assertThat(number(copy, "SELECT until FROM forge_pause")).isEqualTo(5);
        }
    }
}
