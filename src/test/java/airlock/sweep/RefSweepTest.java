package airlock.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Branches and tags of a real repository.
final class RefSweepTest {
    private SweepFixture at;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        at = new SweepFixture(directory);
        at.push("main");
    }

    @AfterEach
    void stop() {
        at.close();
    }

    private static String ref(String branch, CommitId commit) {
        return "refs/heads/" + branch + " " + commit;
    }

    @Test
    void aFirstSweepRecordsWhatIsThereAndTestsNothing() throws Exception {
        at.push("topic");
        at.tag("v1");

        assertThat(at.sweep()).isZero();
        assertThat(at.rows("SELECT DISTINCT origin FROM tip")).containsExactly("baseline");
        assertThat(at.sweeps.of(SweepFixture.WIDGET).refs().swept()).isPresent();
    }

    @Test
    void aWebhookThatWasOnItsWayDuringTheFirstSweepStillMakesItsRequest() throws Exception {
        var commit = at.push("topic");
        at.sweep();

        assertThat(at.told(at.pushed("topic", CommitId.NONE, commit)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
        assertThat(at.told(at.pushed("topic", CommitId.NONE, commit)))
                .isInstanceOf(DeliveryOutcome.Known.class);
        assertThat(at.sweep()).isZero();
    }

    @Test
    void whatAWebhookHadToldBeforeTheFirstSweepIsComparedByIt() throws Exception {
        at.told(at.pushed("main", CommitId.NONE, at.push("main")));
        var missed = at.push("main");

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(ref("main", missed));
    }

    @Test
    void aWebhookAfterTheSweepAndASweepAfterTheWebhookMakeNothingNew() throws Exception {
        at.sweep();
        var before = new CommitId(at.git("rev-parse", "main"));
        var after = at.push("main");
        at.sweep();
        var next = at.push("main");

        assertThat(at.told(at.pushed("main", before, after)))
                .isInstanceOf(DeliveryOutcome.Known.class);
        assertThat(at.told(at.pushed("main", after, next)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
        assertThat(at.sweep()).isZero();
        assertThat(at.requests()).hasSize(2);
        assertThat(at.waiting()).containsExactly(ref("main", next));
    }

    @Test
    void goingBackAndForthIsANewRequestEachTime() throws Exception {
        var first = new CommitId(at.git("rev-parse", "main"));
        at.sweep();
        var second = at.push("main");
        at.sweep();
        at.push("main", first);
        at.sweep();
        at.push("main", second);
        at.sweep();

        assertThat(at.requests())
                .containsExactly(
                        ref("main", second) + " sweep",
                        ref("main", first) + " sweep",
                        ref("main", second) + " sweep");
        assertThat(at.told(at.pushed("main", first, second)))
                .isInstanceOf(DeliveryOutcome.Known.class);
    }

    @Test
    void aBranchThatIsDeletedAndMadeAgainAtTheSameCommitIsTestedAgain() throws Exception {
        at.sweep();
        var commit = at.push("topic");
        at.sweep();
        at.delete("refs/heads/topic");
        at.sweep();
        assertThat(at.waiting()).as("what waited for it").isEmpty();
        at.push("topic", commit);

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(ref("topic", commit));
    }

    @Test
    void aLateDeletionOfABranchThatWasMadeAgainCancelsNothing() throws Exception {
        at.push("topic");
        at.sweep();
        var again = at.push("topic");
        at.sweep();

        at.told(
                new ForgeEvent.Deleted(
                        SweepFixture.WIDGET, new Subject.Branch("refs/heads/topic")));
        assertThat(at.sweep()).isZero();

        assertThat(at.waiting()).containsExactly(ref("topic", again));
    }

    @Test
    void aWebhookThatMayBeOlderThanTheSweepIsDecidedByTheNextOne() throws Exception {
        at.sweep();
        at.push("topic");
        at.sweep();
        var moved = at.push("topic");

        // as a forge reports the creation of a tag or branch
        assertThat(at.told(at.pushed("topic", CommitId.NONE, moved)))
                .isInstanceOf(DeliveryOutcome.Known.class);
        assertThat(at.sweeps.of(SweepFixture.WIDGET).due())
                .isBeforeOrEqualTo(at.clock.instant().plusSeconds(5));

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(ref("topic", moved));
        assertThat(at.rows("SELECT origin FROM tip WHERE subject = 'refs/heads/topic'"))
                .as("the webhooks have caught up")
                .containsExactly("event");
    }

    @Test
    void aMovedTagIsFoundByItsTagObject() throws Exception {
        at.tag("v1");
        at.sweep();
        var moved = at.tag("v1");

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly("refs/tags/v1 " + moved);
    }

    @Test
    void aClaimBringsTheNextSweepForwardButNotWithinAMinuteOfTheLast() throws Exception {
        at.sweep();
        at.told(at.pushed("main", CommitId.NONE, at.push("main")));
        var missed = at.push("topic");
        assertThat(at.server().claimRequest()).isPresent();

        at.clock.move(Duration.ofSeconds(59));
        assertThat(at.sweeper.runOnce()).isZero();
        at.clock.move(Duration.ofSeconds(1));
        assertThat(at.sweeper.runOnce()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(ref("topic", missed));
    }

    @Test
    void aForgeThatShowsNoRefAtAllIsNotBelieved() throws Exception {
        at.push("topic");
        at.sweep();
        var waits = at.push("topic");
        at.sweep();
        at.delete("refs/heads/topic");
        at.delete("refs/heads/main");

        at.sweep();

        assertThat(at.sweeps.of(SweepFixture.WIDGET).refs().problem()).contains("no branch");
        assertThat(at.waiting()).containsExactly(ref("topic", waits));
    }

    @Test
    void aRepositoryThatIsNotThereHindersNoOther() throws Exception {
        at.targets.addFirst(at.target(new RepositoryId("home", "9"), "alice/none"));
        at.sweep();
        var missed = at.push("main");

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(ref("main", missed));
        assertThat(at.sweeps.of(new RepositoryId("home", "9")).refs().problem()).isNotEmpty();
        assertThat(at.sweeps.of(SweepFixture.WIDGET).problem()).isEmpty();
    }

    @Test
    void aPushWhileTheForgeAnswersIsLeftToItsWebhook() throws Exception {
        at.sweep();
        var swept = at.push("main");
        var racing =
                at.sweeper(
                        new LsRemote(() -> at.told(at.pushed("main", swept, at.push("main")))),
                        Map.of());
        at.clock.move(SweepFixture.EVERY.multipliedBy(2));

        racing.runOnce();

        assertThat(at.requests()).singleElement().asString().endsWith(" webhook");
        assertThat(at.sweep()).isZero();
    }
}
