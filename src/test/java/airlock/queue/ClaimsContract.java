package airlock.queue;

import static airlock.queue.QueueFixture.change;
import static airlock.queue.QueueFixture.commit;
import static airlock.queue.QueueFixture.push;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Planning.NewRun;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.PhaseResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class ClaimsContract extends QueueContract {
    private static final CommitId A = commit('a');
    private static final CommitId B = commit('b');

    private static final NewRun OTHER =
            NewRun.own("other", "", ".airlock/other.yaml", new byte[] {'x'}, "/tars/x.tar");

    @Test
    void twoWorkersNeverClaimTheSameRequest() throws Exception {
        for (int i = 0; i < 20; i++) {
            queue.requested(push("branch-" + i, CommitId.NONE, A));
        }
        Callable<List<ClaimedRequest>> worker =
                () ->
                        Stream.generate(server::claimRequest)
                                .takeWhile(Optional::isPresent)
                                .map(Optional::get)
                                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims = new ArrayList<ClaimedRequest>();
            for (var worked : threads.invokeAll(Collections.nCopies(8, worker))) {
                claims.addAll(worked.get());
            }
            assertThat(claims).hasSize(20);
            assertThat(claims.stream().map(ClaimedRequest::id).distinct()).hasSize(20);
        }
    }

    @Test
    void requestsAreClaimedInTheOrderOfTheirArrival() {
        var first = queue.requested(push("a", CommitId.NONE, A));
        var second = queue.requested(push("b", CommitId.NONE, A));

        assertThat(claim().id()).isEqualTo(first);
        assertThat(claim().id()).isEqualTo(second);
        assertThat(server.claimRequest()).isEmpty();
    }

    @Test
    void aRequestThatWaitsIsPassedOverUntilItsTimeAndThenComesInItsOldPlace() {
        var waiting = queue.requested(push("a", CommitId.NONE, A));
        queue.planning.later(
                claim(), Duration.ofSeconds(5), Planning.Paused.REPOSITORY, Duration.ZERO);
        var next = queue.requested(push("b", CommitId.NONE, A));
        queue.requested(push("c", CommitId.NONE, A));

        assertThat(claim().id()).isEqualTo(next);
        queue.pass(Duration.ofSeconds(5).minusMillis(1));
        queue.planning.later(
                claim(), Duration.ofSeconds(5), Planning.Paused.REPOSITORY, Duration.ZERO);
        assertThat(server.claimRequest()).isEmpty();
        queue.requested(push("d", CommitId.NONE, A));
        queue.pass(Duration.ofMillis(1));
        assertThat(claim().id()).isEqualTo(waiting);
    }

    @Test
    void aRequestDoesNotWaitForAClockThatWasAhead() {
        var waiting = queue.requested(push("a", CommitId.NONE, A));
        queue.pass(Duration.ofDays(1));
        queue.planning.later(
                claim(), Duration.ofMinutes(5), Planning.Paused.REPOSITORY, Duration.ofSeconds(40));
        queue.pass(Duration.ofDays(-1));

        server.heartbeat();
        assertThat(claim().id()).isEqualTo(waiting);
    }

    @Test
    void whatADeadServerHadIsOfferedAgainThoughTheClockWasSetBack() {
        queue.requested(push("a", CommitId.NONE, A));
        queue.pass(Duration.ofDays(1));
        var claimed = claim();
        queue.pass(Duration.ofDays(-1));

        var next = queue.server("two");
        assertThat(next.recoverAll()).isEqualTo(1);
        assertThat(next.claimRequest().orElseThrow().id()).isEqualTo(claimed.id());
    }

    @Test
    void ofOneBranchOneRunIsWorkedOnAtATime() {
        var first = running();
        queue.requested(push("main", A, B));
        var newer = claim();
        queue.planning.planned(newer, TrustClass.LISTED, B, List.of(MAIN));

        assertThat(server.claimRun()).isEmpty();
        server.end(first, Verdict.PASSED, "");
        assertThat(server.claimRun().orElseThrow().commit()).isEqualTo(B);
    }

    @Test
    void aRequestWhoseSourceIsBeingReadIsSupersededAndItsReaderRefused() {
        var older = queue.requested(push("main", CommitId.NONE, A));
        var reading = claim();
        queue.requested(push("main", A, B));

        assertThat(queue.stateOf(older)).isEqualTo("ended superseded");
        assertThat(queue.planning.planned(reading, TrustClass.LISTED, A, List.of(MAIN))).isFalse();
        assertThat(claim().commit()).isEqualTo(B);
    }

    @Test
    void aRequestEndsWithItsLastRunAndTheForgeHearsEachState() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        var run = claimRun(TrustClass.LISTED);

        assertThat(server.end(run, Verdict.FAILED, "step 1 exited with 2")).isTrue();

        assertThat(queue.stateOf(request)).isEqualTo("ended failed");
        assertThat(queue.states("airlock/main")).containsExactly("queued", "running", "failed");
        assertThat(queue.states("airlock")).containsExactly("queued", "failed");
    }

    @Test
    void runsFromOutsideComeAfterAllOthers() {
        queue.requested(change(7, "main", B));
        queue.requested(push("main", CommitId.NONE, A));
        var push = claim();
        var change = claim();
        queue.planning.planned(change, TrustClass.OUTSIDE, B, List.of(MAIN));
        queue.planning.planned(push, TrustClass.LISTED, A, List.of(MAIN));

        assertThat(server.claimRun().orElseThrow().trust()).isEqualTo(TrustClass.LISTED);
        assertThat(server.claimRun().orElseThrow().trust()).isEqualTo(TrustClass.OUTSIDE);
    }

    @Test
    void theWriterOfAnOlderGenerationIsRefused() {
        var late = running();
        queue.pass(Duration.ofMinutes(5));
        var other = queue.server("two");
        other.recover(Duration.ofMinutes(1));
        var again = other.claimRun().orElseThrow();

        assertThat(again.generation()).isGreaterThan(late.generation());
        assertThat(server.end(late, Verdict.FAILED, "late")).isFalse();
        assertThat(server.beat(late)).isInstanceOf(Claims.Beat.Lost.class);
        assertThat(other.end(again, Verdict.PASSED, "")).isTrue();
        assertThat(queue.states("airlock/main")).endsWith("passed").doesNotContain("failed");
    }

    @Test
    void aLateReaderOfASourceMakesNoRuns() {
        queue.requested(push("main", CommitId.NONE, A));
        var late = claim();
        queue.pass(Duration.ofMinutes(5));
        var other = queue.server("two");
        other.recover(Duration.ofMinutes(1));
        assertThat(other.claimRequest()).isPresent();

        assertThat(queue.planning.planned(late, TrustClass.LISTED, A, List.of(MAIN))).isFalse();
        assertThat(server.claimRun()).isEmpty();
    }

    @Test
    void aServerThatBeatsKeepsItsClaims() {
        var run = running();
        queue.pass(Duration.ofMinutes(5));
        server.heartbeat();

        assertThat(queue.server("two").recover(Duration.ofMinutes(1))).isZero();
        assertThat(server.beat(run)).isInstanceOf(Claims.Beat.GoOn.class);
    }

    @Test
    void aRunThatHadBegunToPublishIsNeverBegunAgain() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        var run = claimRun(TrustClass.LISTED);
        assertThat(server.publishing(run)).isTrue();

        queue.server("two").recover(Duration.ZERO);

        assertThat(queue.stateOf(request)).isEqualTo("ended broke");
        assertThat(queue.server("two").claimRun()).isEmpty();
    }

    @Test
    void aPostPlanThatHadEndedDecidesTheRunThoughItsServerDied() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        var run = claimRun(TrustClass.LISTED);
        var records = new PhaseRecords(queue.database, InstantSource.system());
        var key = new PhaseKey(run.id(), run.generation(), Phase.POST_PLAN);
        records.begun(key, "", List.of());
        server.publishing(run);
        records.ended(key, PhaseResult.passed());

        queue.server("two").recover(Duration.ZERO);

        assertThat(queue.stateOf(request)).isEqualTo("ended passed");
        assertThat(queue.server("two").claimRun()).isEmpty();
    }

    @Test
    void aRunThatKillsItsServerAgainAndAgainIsGivenUp() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        claimRun(TrustClass.LISTED);
        for (int life = 2; life <= 9; life++) {
            var next = queue.server("life " + life);
            next.recover(Duration.ZERO);
            next.claimRun();
        }

        assertThat(queue.stateOf(request)).isEqualTo("ended broke");
    }

    @Test
    void aNewerPushEndsARunningOneOnlyWhereThePolicySaysSo() {
        var run = running();
        queue.requested(push("main", A, B));
        assertThat(server.beat(run)).isInstanceOf(Claims.Beat.GoOn.class);

        queue.intake.keep(
                queue.delivery("x", "y"),
                push("main", B, commit('c')),
                new IntakePolicy(false, true));

        assertThat(server.beat(run)).isInstanceOf(Claims.Beat.End.class);
    }

    @Test
    void anOutsideRunIsAlwaysEndedByANewerHead() {
        queue.requested(change(7, "main", A));
        var run = claimRun(TrustClass.OUTSIDE);
        queue.requested(change(7, "main", B));

        assertThat(server.beat(run)).isInstanceOf(Claims.Beat.End.class);
    }

    @Test
    void ofManyPushesAtOnceTheNewestRuns() {
        var last = queue.requested(push("main", CommitId.NONE, commit('9')));
        CommitId before = A;
        for (char c : "bcdef12345".toCharArray()) {
            last = queue.requested(push("main", before, commit(c)));
            before = commit(c);
        }

        assertThat(claim().id()).isEqualTo(last);
        assertThat(server.claimRequest()).isEmpty();
    }

    @Test
    void aRefThatHasMovedOnEndsTheRequestAndItsTipGetsOne() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        queue.planning.moved(claim(), B);

        assertThat(queue.stateOf(request)).isEqualTo("ended superseded");
        assertThat(claim().commit()).isEqualTo(B);
    }

    @Test
    void theTipsSupersededRequestIsQueuedAgainWhenAnOlderPushArrivedAfterIt() {
        var tip = queue.requested(push("main", A, B));
        queue.requested(push("main", CommitId.NONE, A));
        assertThat(queue.stateOf(tip)).isEqualTo("ended superseded");

        queue.planning.moved(claim(), B);

        assertThat(queue.stateOf(tip)).isEqualTo("queued");
    }

    @Test
    void aRequestThatIsQueuedAgainRepeatsOnlyWhatWasSupersededAndForgetsThoseVerdicts() {
        var plans = List.of(MAIN, OTHER);
        var tip = queue.requested(push("main", A, B));
        var claim = claim();
        queue.planning.planned(claim, TrustClass.LISTED, claim.commit(), plans);
        var first = server.claimRun().orElseThrow();
        queue.requested(push("main", CommitId.NONE, A));
        queue.planning.moved(claim(), B);

        server.end(first, Verdict.PASSED, "");
        assertThat(queue.stateOf(tip)).as("its other run was superseded").isEqualTo("queued");
        claim = claim();
        queue.planning.planned(claim, TrustClass.LISTED, claim.commit(), plans);
        var second = server.claimRun().orElseThrow();
        assertThat(second.plan().name()).isEqualTo(OTHER.plan().name());
        server.end(second, Verdict.PASSED, "");

        assertThat(queue.stateOf(tip)).isEqualTo("ended passed");
        assertThat(queue.announced.getLast().state())
                .isEqualTo(new StateChange.State.Ended(Verdict.PASSED, "2 of 2 runs passed"));
        assertThat(server.claimRun()).isEmpty();
    }

    @Test
    void cancellingEndsAWaitingRunAndAsksARunningOne() {
        var run = running();

        assertThat(queue.asks.cancel(run.id(), "ann")).isEqualTo(OperatorRequests.Cancelled.ASKED);
        assertThat(server.beat(run)).isEqualTo(new Claims.Beat.End("cancelled by ann"));
        server.end(run, Verdict.CANCELLED, "cancelled by ann");
        assertThat(queue.asks.cancel(run.id(), "ann"))
                .isEqualTo(OperatorRequests.Cancelled.TOO_LATE);
        assertThat(queue.asks.cancel(RunId.random(), "ann"))
                .isEqualTo(OperatorRequests.Cancelled.UNKNOWN);
    }

    @Test
    void aRerunIsANewRequestThatSaysWhoAskedForIt() {
        var run = running();
        server.end(run, Verdict.FAILED, "x");

        var again = queue.asks.rerun(run.id().text(), false, "ann").orElseThrow();

        assertThat(queue.stateOf(again)).isEqualTo("queued");
        assertThat(queue.announced.getLast().trust())
                .as("the class before the claim decides it")
                .isEqualTo(TrustClass.INSIDE);
        assertThat(claim().id()).isEqualTo(again);
    }
}
