package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.results.Blobs.BlobMark;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which outputs a run may start from (T6).
final class EarlierBlobsTest extends BlobFixture {
    private int made;

    /// A run leaves a cache; returns its hash.
    private String leave(
            RepositoryId repository,
            Subject subject,
            TrustClass trust,
            String plan,
            boolean isPrivate)
            throws Exception {
        return leave(run(repository, subject, trust, plan), isPrivate, BlobMark.NONE);
    }

    private String leave(String plan, TrustClass trust, BlobMark mark) throws Exception {
        return leave(run(OURS, MAIN, trust, plan), false, mark);
    }

    private String leave(RunId run, boolean isPrivate, BlobMark mark) throws Exception {
        now = now.plusSeconds(1);
        made++;
        keep(run, Phase.PLAN, "cache", new byte[made], hash(made), isPrivate, mark);
        return hash(made);
    }

    private Optional<String> starts(TrustClass trust, BlobMark mark) {
        return starts(MAIN, trust, mark);
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
        return starts(subject, trust, BlobMark.NONE);
    }

    private Optional<String> starts(Subject subject, TrustClass trust, BlobMark mark) {
        return blobs.earlier(run(OURS, subject, trust, "main"), MAIN, "cache", mark).stream()
                .map(found -> found.blob().sha256())
                .findFirst();
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
