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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may start from what (T6).
final class EarlierBlobsTest {
    private static final RepositoryId OURS = new RepositoryId("forge", "1");
    private static final RepositoryId THEIRS = new RepositoryId("forge", "2");
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");
    private static final Subject.Branch TOPIC = new Subject.Branch("refs/heads/topic");
    private static final Subject.Change CHANGE = new Subject.Change(7, "main");

    @TempDir Path directory;
    private Database database;
    private Blobs blobs;
    private Instant now = Instant.parse("2026-11-27T12:00:00Z");
    private int made;

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("state.db"));
        blobs = new Blobs(database, directory.resolve("blobs"), () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private RunId run(RepositoryId repository, Subject subject, TrustClass trust, String plan) {
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
                            VALUES (?, ?, ?, ?, ?, '', '', ?, '', ?, '', '', '', 'queued', 0)
                            """,
                            run.text(),
                            run.text(),
                            repository.toString(),
                            subject.kind(),
                            subject.key(),
                            plan,
                            trust.key());
                });
        return run;
    }

    /// A run leaves a cache; returns its hash.
    private String leave(
            RepositoryId repository,
            Subject subject,
            TrustClass trust,
            String plan,
            boolean isPrivate)
            throws Exception {
        now = now.plusSeconds(1);
        made++;
        String hash = "%064x".formatted(made);
        Path file = Files.writeString(directory.resolve("output"), "cache " + made);
        blobs.keep(
                new PhaseKey(run(repository, subject, trust, plan), 1, Phase.PLAN),
                "cache",
                new Blob(file, hash, made, isPrivate),
                new BlobOwner(repository, subject, trust, isPrivate));
        return hash;
    }

    private String leave(String plan, TrustClass trust, BlobMark mark) throws Exception {
        now = now.plusSeconds(1);
        made++;
        String hash = "%064x".formatted(made);
        Path file = Files.writeString(directory.resolve("output"), "cache " + made);
        blobs.keep(
                new PhaseKey(run(OURS, MAIN, trust, plan), 1, Phase.PLAN),
                "cache",
                new Blob(file, hash, made, false),
                new BlobOwner(OURS, MAIN, trust, false),
                mark);
        return hash;
    }

    private Optional<String> starts(TrustClass trust, BlobMark mark) {
        var reader = new BlobReader(run(OURS, MAIN, trust, "main"), OURS, MAIN, trust, MAIN);
        return blobs.earlier(reader, "cache", mark).stream().map(Blob::sha256).findFirst();
    }

    private static BlobMark named(String label, String key) {
        return new BlobMark(label, key, true, Optional.empty());
    }

    @Test
    void plansShareACacheWithANameAndNoneWithoutOne() throws Exception {
        leave("nightly", TrustClass.LISTED, BlobMark.NONE);
        String shared = leave("nightly", TrustClass.LISTED, named("go", "k"));
        leave("nightly", TrustClass.LISTED, named("rust", "k"));

        assertThat(starts(TrustClass.LISTED, named("go", ""))).contains(shared);
        assertThat(starts(TrustClass.LISTED, named("go", "k"))).contains(shared);
        assertThat(starts(TrustClass.LISTED, named("go", "other"))).isEmpty();
        assertThat(starts(TrustClass.LISTED, BlobMark.NONE)).isEmpty();
    }

    @Test
    void t6ANameIsNoWayAroundClasses() throws Exception {
        leave("main", TrustClass.OUTSIDE, named("go", "k"));
        assertThat(starts(TrustClass.INSIDE, named("go", "k"))).isEmpty();
        leave("main", TrustClass.INSIDE, named("go", "k"));
        assertThat(starts(TrustClass.LISTED, named("go", "k"))).isEmpty();
    }

    @Test
    void whatIsForItsOwnRunAloneIsNotFound() throws Exception {
        leave("main", TrustClass.LISTED, new BlobMark("", "", false, Optional.empty()));
        assertThat(starts(TrustClass.LISTED, BlobMark.NONE)).isEmpty();
    }

    private String leave(Subject subject, TrustClass trust) throws Exception {
        return leave(OURS, subject, trust, "main", false);
    }

    private Optional<String> starts(Subject subject, TrustClass trust) {
        var reader = new BlobReader(run(OURS, subject, trust, "main"), OURS, subject, trust, MAIN);
        return blobs.earlier(reader, "cache").stream().map(Blob::sha256).findFirst();
    }

    @Test
    void t6ARunStartsFromTheNewestOfItsOwnRefElseFromTheDefaultBranchs() throws Exception {
        leave(MAIN, TrustClass.LISTED);
        String main = leave(MAIN, TrustClass.LISTED);
        assertThat(starts(TOPIC, TrustClass.INSIDE)).contains(main);

        leave(TOPIC, TrustClass.INSIDE);
        String topic = leave(TOPIC, TrustClass.INSIDE);
        leave(MAIN, TrustClass.LISTED);
        leave(new Subject.Branch("refs/heads/other"), TrustClass.INSIDE);
        assertThat(starts(TOPIC, TrustClass.INSIDE)).contains(topic);
    }

    @Test
    void t6NobodyReadsWhatALowerClassWrote() throws Exception {
        leave(CHANGE, TrustClass.OUTSIDE);
        assertThat(starts(CHANGE, TrustClass.INSIDE)).isEmpty();

        leave(MAIN, TrustClass.INSIDE);
        assertThat(starts(MAIN, TrustClass.LISTED)).isEmpty();

        String listed = leave(MAIN, TrustClass.LISTED);
        leave(MAIN, TrustClass.INSIDE);
        assertThat(starts(MAIN, TrustClass.LISTED)).contains(listed);
    }

    @Test
    void t6AnOutsideRunReadsItsOwnAndTheDefaultBranchsButNothingPrivate() throws Exception {
        String open = leave(MAIN, TrustClass.LISTED);
        leave(OURS, MAIN, TrustClass.LISTED, "main", true);
        assertThat(starts(CHANGE, TrustClass.OUTSIDE)).contains(open);

        leave(OURS, CHANGE, TrustClass.OUTSIDE, "main", true);
        assertThat(starts(CHANGE, TrustClass.OUTSIDE)).contains(open);
        String own = leave(CHANGE, TrustClass.OUTSIDE);
        assertThat(starts(CHANGE, TrustClass.OUTSIDE)).contains(own);
    }

    @Test
    void t6AForksMainAndAnotherRepositoryAndAnotherPlanAreNotOurs() throws Exception {
        leave(THEIRS, MAIN, TrustClass.LISTED, "main", false);
        leave(OURS, MAIN, TrustClass.LISTED, "nightly", false);
        leave(new Subject.Tag("refs/tags/main"), TrustClass.LISTED);
        leave(new Subject.Change(8, "main"), TrustClass.INSIDE);

        assertThat(starts(MAIN, TrustClass.LISTED)).isEmpty();
        assertThat(starts(CHANGE, TrustClass.OUTSIDE)).isEmpty();
    }

    @Test
    void whatIsNotOnTheDiskAnyMoreIsPassedOver() throws Exception {
        String older = leave(MAIN, TrustClass.LISTED);
        String newer = leave(MAIN, TrustClass.LISTED);
        Files.delete(directory.resolve("blobs/00/" + newer + ".tar"));

        assertThat(starts(MAIN, TrustClass.LISTED)).contains(older);
    }
}
