package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CachesTest {
    private static final RepositoryId OURS = new RepositoryId("forge", "1");
    private static final RepositoryId THEIRS = new RepositoryId("forge", "2");
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");

    @TempDir Path directory;
    private Database database;
    private Blobs blobs;
    private Caches caches;
    private Instant now = Instant.parse("2026-11-27T12:00:00Z");

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("state.db"));
        blobs = new Blobs(database, directory.resolve("blobs"), () -> now);
        caches = new Caches(database, blobs, () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /// A run leaves an output of so many bytes.
    private Path leave(RepositoryId repository, String name, int bytes, boolean ended)
            throws Exception {
        now = now.plusSeconds(60);
        var run = RunId.random();
        database.write(
                handle -> {
                    handle.execute(
                            """
                            INSERT INTO request (id, repository, kind, subject, target, before_commit,
                                commit_id, title, author, cause, state, created_at)
                            VALUES (?, ?, 'branch', ?, '', '', '', '', '', '', 'planned', 0)
                            """,
                            run.text(),
                            repository.toString(),
                            MAIN.key());
                    return handle.execute(
                            """
                            INSERT INTO run (id, request, repository, kind, subject, target, commit_id,
                                plan, context, trust, plan_file, plan_text, source, state, created_at)
                            VALUES (?, ?, ?, 'branch', ?, '', '', 'main', '', 'listed', '', '', '', ?, 0)
                            """,
                            run.text(),
                            run.text(),
                            repository.toString(),
                            MAIN.key(),
                            ended ? "ended" : "claimed");
                });
        Path file = Files.write(directory.resolve("output"), new byte[bytes]);
        String hash = "%064x".formatted(bytes);
        return blobs.keep(
                        new PhaseKey(run, 1, Phase.PLAN),
                        name,
                        new Blob(file, hash, bytes, false),
                        new BlobOwner(repository, MAIN, TrustClass.LISTED, false))
                .file();
    }

    @Test
    void theListAddsUpWhatIsOnTheDiskForEachRef() throws Exception {
        leave(OURS, "cache", 10, true);
        leave(OURS, "cache", 10, true);
        leave(OURS, "cache", 30, true);
        leave(OURS, "dependencies", 100, true);
        leave(OURS, "artifacts", 5000, true);
        leave(THEIRS, "cache", 7, true);

        assertThat(caches.list(""))
                .extracting(
                        e -> e.repository() + " " + e.name() + " " + e.archives() + " " + e.bytes())
                .containsExactly(
                        OURS + " dependencies 1 100", OURS + " cache 2 40", THEIRS + " cache 1 7");
        assertThat(caches.list(THEIRS.toString())).hasSize(1);
    }

    @Test
    void whatIsOldEnoughGoesAndArtifactsAndOthersStay() throws Exception {
        var old = leave(OURS, "cache", 10, true);
        var artifacts = leave(OURS, "artifacts", 20, true);
        var other = leave(THEIRS, "cache", 30, true);
        var before = now;
        var young = leave(OURS, "dependencies", 40, true);

        assertThat(caches.prune(OURS.toString(), before)).isEqualTo(new Caches.Removed(1, 10));

        assertThat(old).doesNotExist();
        assertThat(artifacts).exists();
        assertThat(other).exists();
        assertThat(young).exists();
        assertThat(caches.list("")).hasSize(2);
        assertThat(caches.prune(OURS.toString(), before)).isEqualTo(new Caches.Removed(0, 0));
    }

    @Test
    void whatARunThatGoesOnHasLeftStays() throws Exception {
        var file = leave(OURS, "cache", 10, false);

        assertThat(caches.prune("", now.plusSeconds(1))).isEqualTo(new Caches.Removed(0, 0));
        assertThat(file).exists();
    }

    @Test
    void aFileThatOthersHaveAlikeStaysForThem() throws Exception {
        leave(OURS, "cache", 10, true);
        var file = leave(THEIRS, "cache", 10, true);

        assertThat(caches.prune(OURS.toString(), now.plusSeconds(1)))
                .isEqualTo(new Caches.Removed(1, 0));
        assertThat(file).exists();
        assertThat(caches.prune("", now.plusSeconds(1))).isEqualTo(new Caches.Removed(1, 10));
        assertThat(file).doesNotExist();
    }
}
