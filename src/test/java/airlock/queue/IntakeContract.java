package airlock.queue;

import static airlock.queue.QueueFixture.WIDGET;
import static airlock.queue.QueueFixture.branch;
import static airlock.queue.QueueFixture.change;
import static airlock.queue.QueueFixture.commit;
import static airlock.queue.QueueFixture.push;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import airlock.queue.Intake.IntakePolicy;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deliveries and what they cause (T5, T8).
abstract class IntakeContract extends QueueContract {
    private static final CommitId A = commit('a');
    private static final CommitId B = commit('b');
    private static final CommitId C = commit('c');

    @Test
    void aPushBecomesOneQueuedRequestThatTheForgeHearsOf() {
        var request = queue.requested(push("main", CommitId.NONE, A));

        assertThat(queue.stateOf(request)).isEqualTo("queued");
        assertThat(queue.states("airlock")).containsExactly("queued");
    }

    private static final Subject.MergeGroup GROUP =
            Subject.MergeGroup.of("refs/heads/gh-readonly-queue/release/1/pr-7-abc");

    private static ForgeEvent group(CommitId head) {
        return new ForgeEvent.MergeGroupOffered(WIDGET, GROUP, head, CommitSummary.NONE);
    }

    @Test
    void aMergeGroupIsARequestOfItsOwnWithTheContextOfChangeRequestsToItsTarget() {
        var request = queue.requested(group(A));

        assertThat(queue.stateOf(request)).isEqualTo("queued");
        assertThat(queue.states("airlock/pr/release/1")).containsExactly("queued");
        assertThat(queue.deliver(group(A))).isEqualTo(new DeliveryOutcome.Known(request));
    }

    @Test
    void aMergeGroupThatLeavesTheQueueIsCancelled() {
        var request = queue.requested(group(A));

        queue.deliver(new ForgeEvent.MergeGroupGone(WIDGET, GROUP, "dequeued"));

        assertThat(queue.stateOf(request)).isEqualTo("ended cancelled");
        assertThat(queue.states("airlock/pr/release/1")).hasSize(2).startsWith("queued");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "another"})
    void aRedeliveryWithTheSameBytesIsKnownByAnyId(String id) {
        var first = queue.deliver(push("main", A, B), "id", "bytes");
        var again = queue.deliver(push("main", A, B), id, "bytes");

        assertThat(again)
                .isEqualTo(
                        new DeliveryOutcome.Known(((DeliveryOutcome.Requested) first).request()));
    }

    @Test
    void aDeliveryIdThatComesWithOtherBytesIsRefused() {
        queue.deliver(push("main", A, B), "id", "bytes");

        assertThat(queue.deliver(push("main", B, C), "id", "other"))
                .isInstanceOf(DeliveryOutcome.Refused.class);
        assertThat(queue.states("airlock")).containsExactly("queued");
    }

    @Test
    void twoHooksThatTellOfOnePushMakeOneRequest() {
        var first = queue.requested(push("main", A, B));

        assertThat(queue.deliver(push("main", A, B))).isEqualTo(new DeliveryOutcome.Known(first));
    }

    @Test
    void goingBackAndForthMakesANewRequestEachTime() {
        var requests = new HashSet<RequestId>();
        requests.add(queue.requested(push("main", CommitId.NONE, A)));
        requests.add(queue.requested(push("main", A, B)));
        requests.add(queue.requested(push("main", B, A)));
        requests.add(queue.requested(push("main", A, B)));

        assertThat(requests).hasSize(4);
    }

    @Test
    void aReplayOfAnOldPushIsKnownEvenWhenTheBranchHasComeBackToItsBefore() {
        var old = queue.deliver(push("main", A, B), "first", "old bytes");
        queue.requested(push("main", B, A));

        assertThat(queue.deliver(push("main", A, B), "new id", "old bytes"))
                .isEqualTo(new DeliveryOutcome.Known(((DeliveryOutcome.Requested) old).request()));
    }

    @Test
    void aTagsPushAndCreateAreOneEvent() {
        var tag = new Subject.Tag("refs/tags/v1");
        var pushed = new ForgeEvent.Tagged(WIDGET, tag, CommitId.NONE, A, CommitSummary.NONE);

        var request = queue.requested(pushed);

        assertThat(queue.deliver(pushed)).isEqualTo(new DeliveryOutcome.Known(request));
    }

    @Test
    void aBranchThatIsDeletedAndMadeAgainAtTheSameCommitIsTestedAgain() {
        queue.requested(push("main", CommitId.NONE, A));
        queue.deliver(new ForgeEvent.Deleted(WIDGET, branch("main")));

        assertThat(queue.deliver(push("main", CommitId.NONE, A)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
    }

    @Test
    void deletingABranchEndsWhatWaitsForIt() {
        var request = queue.requested(push("main", CommitId.NONE, A));

        queue.deliver(new ForgeEvent.Deleted(WIDGET, branch("main")));

        assertThat(queue.stateOf(request)).isEqualTo("ended cancelled");
    }

    @Test
    void aRetargetedChangeRequestIsANewEventAndABareRedeliveryIsNot() {
        queue.requested(change(7, "main", A));

        assertThat(queue.deliver(change(7, "main", A))).isInstanceOf(DeliveryOutcome.Known.class);
        assertThat(queue.deliver(change(7, "stable", A)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
    }

    @Test
    void anUpdatedChangeRequestWithoutABeforeIsANewEventEachTimeItsHeadMoves() {
        queue.requested(change(7, "main", A));
        queue.requested(change(7, "main", B));

        assertThat(queue.deliver(change(7, "main", A)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
    }

    @Test
    void aReopenedChangeRequestIsTestedAgain() {
        queue.requested(change(7, "main", A));
        queue.deliver(new ForgeEvent.ChangeClosed(WIDGET, new Subject.Change(7, "main")));

        assertThat(queue.deliver(change(7, "main", A)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
    }

    @Test
    void aForksMainNeverMeetsOurs() {
        var ours = queue.requested(push("main", CommitId.NONE, A));
        queue.requested(change(7, "main", B));

        assertThat(queue.stateOf(ours)).isEqualTo("queued");
    }

    @Test
    void aNewerPushSupersedesAQueuedOneOnTheSameBranchOnly() {
        var older = queue.requested(push("main", CommitId.NONE, A));
        var other = queue.requested(push("topic", CommitId.NONE, A));
        var newer = queue.requested(push("main", A, B));

        assertThat(queue.stateOf(older)).isEqualTo("ended superseded");
        assertThat(queue.stateOf(other)).isEqualTo("queued");
        assertThat(queue.stateOf(newer)).isEqualTo("queued");
    }

    @Test
    void aSkippedCommitMovesTheTipAndCausesNothing() {
        queue.requested(push("main", CommitId.NONE, A));
        var skipped =
                new ForgeEvent.Pushed(
                        WIDGET, branch("main"), A, B, new CommitSummary("x", "ann"), true);

        assertThat(queue.deliver(skipped)).isInstanceOf(DeliveryOutcome.NothingToDo.class);
        assertThat(queue.deliver(push("main", CommitId.NONE, C)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
        assertThat(queue.states("airlock")).containsExactly("queued", "superseded", "queued");
    }

    @Test
    void aHookIsPinnedToTheRepositoryOfItsFirstDelivery() {
        queue.requested(push("main", CommitId.NONE, A));
        var elsewhere =
                new ForgeEvent.Pushed(
                        new RepositoryId("forge", "2"),
                        branch("main"),
                        A,
                        B,
                        CommitSummary.NONE,
                        false);

        assertThat(queue.deliver(elsewhere)).isInstanceOf(DeliveryOutcome.Refused.class);
    }

    @Test
    void draftsAreTestedOnlyWhereTheConfigurationSaysSo() {
        var draft =
                new ForgeEvent.ChangeOffered(
                        WIDGET,
                        new Subject.Change(7, "main"),
                        CommitId.NONE,
                        A,
                        "topic",
                        CommitSummary.NONE,
                        true,
                        false);

        assertThat(queue.deliver(draft)).isInstanceOf(DeliveryOutcome.NothingToDo.class);
        assertThat(
                        queue.intake.keep(
                                queue.delivery("x", "y"), draft, new IntakePolicy(true, false)))
                .isInstanceOf(DeliveryOutcome.Requested.class);
    }

    @Test
    void whatIsAnsweredIsStillThereAfterAReopening() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        database.close();
        openIt();

        assertThat(queue.stateOf(request)).isEqualTo("queued");
    }
}
