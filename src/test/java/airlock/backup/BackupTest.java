package airlock.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// The contents of backups, and restoring them.
final class BackupTest extends BackupFixture {
    @Test
    void itHasWhatRowsNameAndTheKeyAndNothingThatCanBeMadeAgain() throws Exception {
        assertThat(make().missing()).isEmpty();
        assertThat(entries())
                .extracting(entry -> entry.head().getName())
                .containsExactly(
                        "airlock-backup.json",
                        "airlock.db",
                        "secret.key",
                        Layout.blob(hash),
                        Layout.log(RUN),
                        "sources/forge_1/" + "c".repeat(40) + ".v1.tar",
                        "sources/forge_1/" + "c".repeat(40) + ".v1.facts",
                        "checksums");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(files(state)).noneMatch(name -> name.startsWith("backup"));
        assertThat(files(directory)).doesNotContain("backup.tar.part");
    }

    @Test
    void whatIsRestoredIsTheSameAndFitsItsNewPlace() throws Exception {
        make();
        var restored = restore();

        assertThat(restored.open()).isEqualTo(1);
        assertThat(restored.made()).isEqualTo(NOW.toString());
        assertThat(Files.readString(empty.resolve(Layout.blob(hash)))).isEqualTo("an output");
        assertThat(Files.readString(empty.resolve(Layout.log(RUN)))).isEqualTo("a log");
        assertThat(Files.readString(empty.resolve(Layout.KEY))).startsWith("0000");
        assertThat(files(empty)).noneMatch(name -> name.contains("restoring"));
        try (var snapshot = new Snapshot(empty.resolve("airlock.db"))) {
            var source = Path.of(snapshot.sources().getFirst());
            assertThat(source).startsWith(empty);
            assertThat(Files.readString(source)).isEqualTo("a source");
        }
        assertThat(outcomes()).containsExactly("unknown");
    }

    private List<String> outcomes() {
        try (var database = Database.open(empty.resolve("airlock.db"))) {
            return database.read(
                    handle ->
                            handle.createQuery("SELECT outcome FROM status_outbox")
                                    .mapTo(String.class)
                                    .list());
        }
    }

    @Test
    void withoutLogsTheRowsSaySo() throws Exception {
        new Backup(state, () -> NOW).make(file, false);
        restore();
        assertThat(files(empty)).noneMatch(name -> name.startsWith("logs/"));
        try (var snapshot = new Snapshot(empty.resolve("airlock.db"))) {
            var kept = new ArrayList<String>();
            snapshot.logs(kept::addAll);
            assertThat(kept).containsExactly(OPEN_RUN);
        }
    }

    @Test
    void anOutputThatIsNotOnTheDiskIsToldAndTheRestIsBackedUp() throws Exception {
        Files.delete(state.resolve(Layout.blob(hash)));
        assertThat(make().missing()).containsExactly(hash);
        restore();
        try (var snapshot = new Snapshot(empty.resolve("airlock.db"))) {
            var kept = new ArrayList<String>();
            snapshot.blobs(kept::addAll);
            assertThat(kept).isEmpty();
        }
    }

    @Test
    void aBackupThatFailsLeavesTheOldOneAsItWas() throws Exception {
        make();
        byte[] old = Files.readAllBytes(file);
        Files.delete(state.resolve("airlock.db"));
        assertThatThrownBy(this::make)
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("no state in");
        assertThat(Files.readAllBytes(file)).isEqualTo(old);
    }

    @Test
    void aDirectoryThatIsNotEmptyIsRefused() throws Exception {
        make();
        Files.writeString(empty.resolve("notes.txt"), "mine");
        assertThatThrownBy(this::restore)
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("notes.txt")
                .hasMessageContaining("empty directory");
        assertThat(files(empty)).containsExactly("notes.txt");
    }

    @Test
    void locksOfAnEmptyStateDoNotMakeItUsed() throws Exception {
        make();
        Files.writeString(empty.resolve("lock"), "");
        assertThat(restore().files()).isPositive();
    }

    @Test
    void aStateOfAnOlderVersionIsBackedUpAndLeftAsItIs() throws Exception {
        Path old = Files.createDirectory(directory.resolve("old"));
        Path database = old.resolve("airlock.db");
        Flyway.configure()
                .dataSource("jdbc:sqlite:" + database, "", "")
                .locations("classpath:airlock/store/sqlite")
                .target("3")
                .load()
                .migrate();
        byte[] before = Files.readAllBytes(database);

        new Backup(old, () -> NOW).make(file, true);

        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(files(old)).containsExactlyInAnyOrder("airlock.db", "removing.lock");
        assertThat(restore().files()).isEqualTo(1);
    }
}
