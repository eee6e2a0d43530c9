package airlock.results;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.results.Blobs.BlobMark;
import airlock.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A database, and runs that leave outputs.
abstract class BlobFixture {
    static final RepositoryId OURS = new RepositoryId("forge", "1");
    static final RepositoryId THEIRS = new RepositoryId("forge", "2");
    static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");
    static final Subject.Branch TOPIC = new Subject.Branch("refs/heads/topic");
    static final Subject.Change CHANGE = new Subject.Change(7, "main");

    @TempDir Path directory;
    Database database;
    Blobs blobs;
    Instant now = Instant.parse("2026-11-27T12:00:00Z");

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("state.db"));
        blobs = new Blobs(database, directory.resolve("blobs"), () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    RunId run(RepositoryId repository, Subject subject, TrustClass trust, String plan) {
        return run(repository, subject, trust, plan, "ended");
    }

    RunId run(
            RepositoryId repository, Subject subject, TrustClass trust, String plan, String state) {
        var run = RunId.random();
        database.write(
                handle -> {
                    handle.execute(
                            """
                            INSERT INTO request (id, repository, kind, subject, target, before_commit,
                                commit_id, title, author, cause, state, created_at)
                            VALUES (?, ?, ?, ?, '', '', '', '', '', '', 'planned', 0)
                            """,
                            run.text(),
                            repository.toString(),
                            subject.kind(),
                            subject.key());
                    return handle.execute(
                            """
                            INSERT INTO run (id, request, repository, kind, subject, target, commit_id,
                                plan, context, trust, plan_file, plan_text, source, state, created_at)
                            VALUES (?, ?, ?, ?, ?, '', '', ?, '', ?, '', '', '', ?, 0)
                            """,
                            run.text(),
                            run.text(),
                            repository.toString(),
                            subject.kind(),
                            subject.key(),
                            plan,
                            trust.key(),
                            state);
                });
        return run;
    }

    /// Keeps `bytes` as an output of `run`.
    Blob keep(
            RunId run,
            Phase phase,
            String name,
            byte[] bytes,
            String hash,
            boolean isPrivate,
            BlobMark mark)
            throws Exception {
        Path file = Files.write(directory.resolve("output"), bytes);
        var output = new Blob(file, hash, bytes.length, isPrivate);
        return blobs.keep(new PhaseKey(run, 1, phase), name, output, mark);
    }

    static String hash(int number) {
        return "%064x".formatted(number);
    }
}
