package airlock.queue;

import static airlock.queue.QueueFixture.WIDGET;
import static airlock.queue.QueueFixture.commit;
import static airlock.queue.QueueFixture.push;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.RequestId;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requests whose source could not be read are retried when a sweep reaches their forge.
final class BrokenRequestsTest extends QueueContract {
    private static final CommitId A = commit('a');
    private static final CommitId B = commit('b');
    private static final String MARK = "https://forge/a";
    private static final String OTHER = "https://forge/b";

    private int sweep(String mark) {
        return queue.findings().retryBroken(WIDGET, mark);
    }

    private void breakNext(String mark) {
        var request = claim();
        assertThat(queue.planning.broke(request, "no such repository", mark)).isTrue();
    }

    private RequestId broken() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        breakNext(MARK);
        return request;
    }

    @Test
    void anotherAddressOrCredentialIsTriedAtOnce() {
        var request = broken();
        assertThat(sweep(MARK)).isZero();
        assertThat(sweep(OTHER)).isEqualTo(1);
        assertThat(queue.stateOf(request)).isEqualTo("queued");
        assertThat(queue.states("airlock")).containsExactly("queued", "broke", "queued");
        breakNext(OTHER);
        assertThat(sweep(OTHER)).as("by the same").isZero();
        assertThat(queue.stateOf(request)).isEqualTo("ended broke");
    }

    @Test
    void theSameAddressIsTriedAgainWithGrowingDelaysAndNotForEver() {
        broken();
        var minutes = new ArrayList<Integer>();
        for (int minute = 1; minute <= 10 * 24 * 60; minute++) {
            queue.pass(Duration.ofMinutes(1));
            if (sweep(MARK) > 0) {
                minutes.add(minute);
                breakNext(MARK);
            }
        }
        assertThat(minutes).containsExactly(1, 5, 21, 85, 341, 1365, 2805, 4245);
    }

    @Test
    void onlyTheTipIsTriedAgain() {
        var old = broken();
        var tip = queue.requested(push("main", A, B));
        breakNext(MARK);
        assertThat(sweep(OTHER)).isEqualTo(1);
        assertThat(queue.stateOf(old)).isEqualTo("ended broke");
        assertThat(queue.stateOf(tip)).isEqualTo("queued");
        assertThat(sweep("yet another")).isZero();
    }

    @Test
    void whatMayHaveKilledTheServerIsNotTriedAgain() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        for (int i = 0; i < Claims.MOST_ATTEMPTS; i++) {
            assertThat(queue.server("dead " + i).claimRequest()).isPresent();
            queue.server("next " + i).recoverAll();
        }
        assertThat(queue.stateOf(request)).isEqualTo("ended broke");
        assertThat(sweep(OTHER)).isZero();
    }

    @Test
    void whatEndedOtherwiseIsNotTriedAgain() {
        var request = broken();
        sweep(OTHER);
        var claimed = claim();
        queue.planning.ended(claimed, Verdict.FAILED, "it is too large");
        assertThat(sweep("yet another")).isZero();
        assertThat(queue.stateOf(request)).isEqualTo("ended failed");
    }

    @Test
    void aRerunOfARequestThatHadNoClassGetsItsOwnAndMustBeTheTip() {
        var request = broken();
        var again = queue.asks.rerun(request.text(), false, "ann").orElseThrow();
        var claimed = claim();
        assertThat(claimed.id()).isEqualTo(again);
        assertThat(claimed.rerun().orElseThrow().highest()).isEmpty();
    }

    @Test
    void aRerunOfABrokenRerunIsCappedLikeThatOne() {
        queue.requested(push("main", CommitId.NONE, A));
        var first = claim();
        queue.planning.planned(first, TrustClass.OUTSIDE, A, List.of(MAIN));
        var run = server.claimRun().orElseThrow();
        server.end(run, Verdict.PASSED, "");
        var broke = queue.asks.rerun(run.id().text(), false, "ann").orElseThrow();
        breakNext(MARK);
        var _ = queue.asks.rerun(broke.text(), false, "ann").orElseThrow();
        assertThat(claim().rerun().orElseThrow().highest())
                .isEqualTo(Optional.of(TrustClass.OUTSIDE));
    }
}
