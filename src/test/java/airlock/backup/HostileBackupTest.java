package airlock.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.backup.Layout.BackupSums;
import airlock.base.Hash;
import airlock.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Torn, changed and forged backups.
final class HostileBackupTest extends BackupFixture {
    @Test
    void cutAnywhereItIsRefused() throws Exception {
        make();
        byte[] whole = Files.readAllBytes(file);
        int end = whole.length - trailer(whole);
        var random = new Random(20261127);
        for (int i = 0; i < 60; i++) {
            Files.write(file, Arrays.copyOf(whole, random.nextInt(end)));
            refused("backup");
        }
    }

    /// How many zeros end the file.
    private static int trailer(byte[] bytes) {
        int zeros = 0;
        while (bytes[bytes.length - 1 - zeros] == 0) {
            zeros++;
        }
        return zeros;
    }

    @Test
    void aSpoiltByteOfAFileOrItsSumIsRefused() throws Exception {
        make();
        byte[] whole = Files.readAllBytes(file);
        var random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 80; i++) {
            byte[] spoilt = whole.clone();
            spoilt[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, spoilt);
            Path into = Files.createDirectory(directory.resolve("into" + i));
            try {
                new Restore(into, false).from(file);
                same(into); // the change was in padding or a date
            } catch (BackupException e) {
                refused++;
                assertThat(files(into)).isEmpty();
            }
        }
        assertThat(refused).isGreaterThan(40);
    }

    private void same(Path into) throws IOException {
        assertThat(Files.readString(into.resolve(Layout.blob(hash)))).isEqualTo("an output");
        assertThat(Files.readString(into.resolve(Layout.log(RUN)))).isEqualTo("a log");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside",
                "logs/../../outside",
                "logs/aa/../../../outside",
                "lock",
                "control.sock",
                "airlock.db-wal",
                "blobs/aa/short.tar",
                "sources/forge_1/x.tar",
                "images/debian-13/disk",
                "logs/aa/aaaaaaaaaaaaaaaaaaaa.log\n"
            })
    void aNameThatNoStateHasIsRefused(String name) throws Exception {
        make();
        var entries = entries();
        entries.add(2, Entry.of(name, "hostile"));
        write(entries);
        refused("something that no state has");
        assertThat(directory.resolve("outside")).doesNotExist();
    }

    @Test
    void linksDevicesAndDirectoriesAreRefused() throws Exception {
        make();
        for (byte type :
                new byte[] {
                    TarConstants.LF_SYMLINK,
                    TarConstants.LF_LINK,
                    TarConstants.LF_CHR,
                    TarConstants.LF_FIFO,
                    TarConstants.LF_DIR
                }) {
            var entries = entries();
            var entry = new TarArchiveEntry(Layout.log("d".repeat(20)), type);
            entry.setLinkName("/etc/passwd");
            entries.add(2, new Entry(entry, new byte[0]));
            Path good = Files.copy(file, directory.resolve("good"));
            write(entries);
            refused("something that no state has");
            Files.move(good, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO ssh_key VALUES ('forge:1', 'deploy', 'ssh-ed25519 x', X'00', 1, '',"
                        + " '')",
                "INSERT INTO secret VALUES ('forge:1', 'token', 'registry', X'00', 'ann', 1)",
                "INSERT INTO hook_secret (hook, sealed, made_by, created_at)"
                        + " VALUES ('forge/a/b', X'00', 'ann', 1)"
            })
    void sealedSecretsWithoutTheirKeyAreRefused(String sealed) throws Exception {
        try (var database = Database.open(state.resolve(Layout.DATABASE))) {
            var _ = database.write(handle -> handle.execute(sealed));
        }
        Files.delete(state.resolve(Layout.KEY));
        make();
        refused("lacks " + Layout.KEY);
        assertThat(new Restore(empty, true).from(file).files())
                .as("where the key lies elsewhere")
                .isPositive();
    }

    @Test
    void aFileThatIsThereTwiceIsRefused() throws Exception {
        make();
        var entries = entries();
        entries.add(3, entries.get(2));
        write(entries);
        refused("twice");
    }

    @Test
    void aFileWithoutASumAndASumWithoutAFileAreRefused() throws Exception {
        make();
        var entries = entries();
        entries.add(2, Entry.of(Layout.log("d".repeat(20)), "no sum"));
        write(entries);
        refused("without a checksum");

        make();
        entries = entries();
        entries.remove(4);
        write(entries);
        refused("is not what was backed up");
    }

    @Test
    void whatIsNoBackupOrOneOfANewerFormatIsRefused() throws Exception {
        Files.writeString(file, "not a tar at all, but long enough to look at".repeat(100));
        refused("");
        write(List.of(Entry.of("readme.txt", "hello")));
        refused("does not begin with airlock-backup.json");
        write(List.of(Entry.of(Layout.HEAD, "{\"format\":2,\"made\":\"x\",\"state\":\"/x\"}")));
        refused("format 2");
        write(List.of(Entry.of(Layout.HEAD, "nonsense")));
        refused("no backup of airlock");
    }

    @Test
    void aBackupOfANewerVersionsStateIsRefused() throws Exception {
        make();
        var entries = entries();
        Path newer = Files.write(directory.resolve("newer.db"), entries.get(1).bytes());
        pretendNewer(newer);
        byte[] bytes = Files.readAllBytes(newer);
        String sums = new String(entries.getLast().bytes(), StandardCharsets.UTF_8);
        String line = BackupSums.line("airlock.db", bytes.length, Hash.sha256(bytes));
        entries.set(1, new Entry(entries.get(1).head(), bytes));
        entries.set(
                entries.size() - 1,
                Entry.of(Layout.SUMS, sums.replaceFirst("(?m)^.* airlock\\.db$", line)));
        write(entries);

        refused("newer airlock (schema 99");
    }

    private static void pretendNewer(Path database) {
        try (var open = Database.open(database)) {
            open.write(
                    handle ->
                            handle.execute(
                                    """
                                    INSERT INTO flyway_schema_history (installed_rank, version,
                                        description, type, script, checksum, installed_by,
                                        execution_time, success)
                                    VALUES (99, '99', 'future', 'SQL', 'V99__x.sql', 1, 'x', 1, 1)
                                    """));
        }
    }

    @Test
    void aStateOfANewerVersionIsNotBackedUp() throws Exception {
        pretendNewer(state.resolve("airlock.db"));
        assertThatThrownBy(this::make).hasMessageContaining("newer airlock");
    }
}
