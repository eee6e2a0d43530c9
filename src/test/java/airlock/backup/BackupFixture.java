package airlock.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.base.Hash;
import airlock.store.Database;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A small state, its backup, and the entries of the backup.
abstract class BackupFixture {
    static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    static final String RUN = "a".repeat(20);
    static final String OPEN_RUN = "b".repeat(20);

    @TempDir Path directory;
    Path state;
    Path file;
    Path empty;
    String hash;

    @BeforeEach
    void makeAState() throws IOException {
        state = Files.createDirectory(directory.resolve("state"));
        file = directory.resolve("backup.tar");
        empty = Files.createDirectory(directory.resolve("empty"));
        byte[] output = "an output".getBytes(StandardCharsets.UTF_8);
        hash = Hash.sha256(output);
        put(Layout.blob(hash), "an output");
        put(Layout.log(RUN), "a log");
        put(Layout.KEY, "0".repeat(64) + "\n");
        put("sources/forge_1/" + "c".repeat(40) + ".v1.tar", "a source");
        put("sources/forge_1/" + "c".repeat(40) + ".v1.facts", "facts");
        put("mirrors/forge_1.git/HEAD", "a mirror");
        put("images/x/disk.qcow2", "an image");
        try (var database = Database.open(state.resolve("airlock.db"))) {
            database.write(
                    handle -> {
                        handle.execute(
                                "INSERT INTO request (id, repository, kind, subject, target, before_commit, commit_id, title, author, cause, state, created_at) VALUES ('r', 'forge:1', 'branch', 'refs/heads/main', '', '', ?, '', '', 'webhook', 'planned', 1)",
                                "1".repeat(40));
                        run(handle, RUN, "ended", "gone.tar");
                        String source = state + "/sources/forge_1/" + "c".repeat(40) + ".v1.tar";
                        run(handle, OPEN_RUN, "queued", source);
                        handle.execute(
                                "INSERT INTO blob (run, phase, name, sha256, bytes, repository, kind, subject,"
                                        + " trust, private, created_at, removed_at)"
                                        + " VALUES (?, 'plan', 'artifacts', ?, 9, 'forge:1', 'branch', 'refs/heads/main', 'listed', 0, 1, 0)",
                                RUN,
                                hash);
                        return handle.execute(
                                "INSERT INTO status_outbox (forge, repository, commit_id, context, request, trust, state, description, target, outcome, created_at, changed_at) VALUES ('forge', 'forge:1', 'c', 'airlock', 'r', 'listed', 'pending', '', '', 'waiting', 1, 1)");
                    });
        }
    }

    static int run(org.jdbi.v3.core.Handle handle, String id, String runState, String source) {
        return handle.execute(
                "INSERT INTO run (id, request, repository, kind, subject, target, commit_id, plan, context, trust, plan_file, plan_text, source, state, created_at) VALUES (?, 'r', 'forge:1', 'branch', 'refs/heads/main', '', ?, 'main', 'airlock/main', 'listed', '', X'', ?, ?, 1)",
                id,
                "1".repeat(40),
                source,
                runState);
    }

    private void put(String name, String text) throws IOException {
        Path path = state.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    Backup.Made make() throws InterruptedException {
        return new Backup(state, () -> NOW).make(file, true);
    }

    Restore.Restored restore() {
        return new Restore(empty, false).from(file);
    }

    void refused(String why) throws IOException {
        assertThatThrownBy(this::restore)
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(why);
        assertThat(files(empty)).as("what a refused restore leaves").isEmpty();
    }

    static List<String> files(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile)
                    .map(path -> below.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /// An entry of a backup.
    record Entry(TarArchiveEntry head, byte[] bytes) {
        static Entry of(String name, String text) {
            return new Entry(new TarArchiveEntry(name), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    List<Entry> entries() throws IOException {
        var entries = new ArrayList<Entry>();
        try (var tar =
                new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(new Entry(entry, tar.readAllBytes()));
            }
        }
        return entries;
    }

    void write(List<Entry> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var entry : entries) {
                entry.head().setSize(entry.bytes().length);
                tar.putArchiveEntry(entry.head());
                tar.write(entry.bytes());
                tar.closeArchiveEntry();
            }
        }
        Files.write(file, bytes.toByteArray());
    }
}
