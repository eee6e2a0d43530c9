package airlock.queue;

import static airlock.queue.QueueFixture.change;
import static airlock.queue.QueueFixture.commit;
import static airlock.queue.QueueFixture.push;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.StateChange;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.PhaseResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What every database must do for workers. A subclass per database.
abstract class ClaimsContract extends QueueContract {
    private static final CommitId A = commit('a');
    private static final CommitId B = commit('b');

    private static final NewRun OTHER =
            NewRun.own(
                    "other",
                    "",
                    ".airlock/other.yaml",
                    "plan: []".getBytes(StandardCharsets.UTF_8),
                    "/tars/x.tar");

    private ClaimedRun claimedRun(ClaimedRequest request, TrustClass trust) {
        assertThat(queue.planning.planned(request, trust, request.commit(), List.of(MAIN)))
                .isTrue();
        return server.claimRun().orElseThrow();
    }

    @Test
    void twoWorkersNeverClaimTheSameRequest() throws Exception {
        for (int i = 0; i < 20; i++) {
            queue.requested(push("branch-" + i, CommitId.NONE, A));
        }
        Callable<List<ClaimedRequest>> worker =
                () ->
                        java.util.stream.Stream.generate(server::claimRequest)
                                .takeWhile(java.util.Optional::isPresent)
                                .map(java.util.Optional::get)
                                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims = new java.util.ArrayList<ClaimedRequest>();
            for (var worked : threads.invokeAll(java.util.Collections.nCopies(8, worker))) {
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

        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(first);
        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(second);
        assertThat(server.claimRequest()).isEmpty();
    }

    @Test
    void aRequestThatWaitsIsPassedOverUntilItsTimeAndThenComesInItsOldPlace() {
        var waiting = queue.requested(push("a", CommitId.NONE, A));
        queue.planning.later(
                server.claimRequest().orElseThrow(), Duration.ofSeconds(5), Duration.ZERO);
        var next = queue.requested(push("b", CommitId.NONE, A));
        queue.requested(push("c", CommitId.NONE, A));

        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(next);
        queue.pass(Duration.ofSeconds(5).minusMillis(1));
        queue.planning.later(
                server.claimRequest().orElseThrow(), Duration.ofSeconds(5), Duration.ZERO);
        assertThat(server.claimRequest()).isEmpty();
        queue.requested(push("d", CommitId.NONE, A));
        queue.pass(Duration.ofMillis(1));
        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(waiting);
    }

    @Test
    void aRequestDoesNotWaitForAClockThatWasAhead() {
        var waiting = queue.requested(push("a", CommitId.NONE, A));
        queue.pass(Duration.ofDays(1));
        queue.planning.later(
                server.claimRequest().orElseThrow(), Duration.ofMinutes(5), Duration.ofSeconds(40));
        queue.pass(Duration.ofDays(-1));

        server.heartbeat();
        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(waiting);
    }

    @Test
    void whatADeadServerHadIsOfferedAgainThoughTheClockWasSetBack() {
        queue.requested(push("a", CommitId.NONE, A));
        queue.pass(Duration.ofDays(1));
        var claimed = server.claimRequest().orElseThrow();
        queue.pass(Duration.ofDays(-1));

        var next = queue.server("two");
        assertThat(next.recoverAll()).isEqualTo(1);
        assertThat(next.claimRequest().orElseThrow().id()).isEqualTo(claimed.id());
    }

    @Test
    void ofOneBranchOneRunIsWorkedOnAtATime() {
        queue.requested(push("main", CommitId.NONE, A));
        var first = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        queue.requested(push("main", A, B));
        var newer = server.claimRequest().orElseThrow();
        queue.planning.planned(newer, TrustClass.LISTED, B, List.of(MAIN));

        assertThat(server.claimRun()).isEmpty();
        server.end(first, Verdict.PASSED, "");
        assertThat(server.claimRun().orElseThrow().commit()).isEqualTo(B);
    }

    @Test
    void aRequestWhoseSourceIsBeingReadIsSupersededAndItsReaderRefused() {
        var older = queue.requested(push("main", CommitId.NONE, A));
        var reading = server.claimRequest().orElseThrow();
        queue.requested(push("main", A, B));

        assertThat(queue.stateOf(older)).isEqualTo("ended superseded");
        assertThat(queue.planning.planned(reading, TrustClass.LISTED, A, List.of(MAIN))).isFalse();
        assertThat(server.claimRequest().orElseThrow().commit()).isEqualTo(B);
    }

    @Test
    void aRequestEndsWithItsLastRunAndTheForgeHearsEachState() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);

        assertThat(server.end(run, Verdict.FAILED, "step 1 exited with 2")).isTrue();

        assertThat(queue.stateOf(request)).isEqualTo("ended failed");
        assertThat(queue.states("airlock/main")).containsExactly("queued", "running", "failed");
        assertThat(queue.states("airlock")).containsExactly("queued", "failed");
    }

    @Test
    void runsFromOutsideComeAfterAllOthers() {
        queue.requested(change(7, "main", B));
        queue.requested(push("main", CommitId.NONE, A));
        var push = server.claimRequest().orElseThrow();
        var change = server.claimRequest().orElseThrow();
        queue.planning.planned(change, TrustClass.OUTSIDE, B, List.of(MAIN));
        queue.planning.planned(push, TrustClass.LISTED, A, List.of(MAIN));

        assertThat(server.claimRun().orElseThrow().trust()).isEqualTo(TrustClass.LISTED);
        assertThat(server.claimRun().orElseThrow().trust()).isEqualTo(TrustClass.OUTSIDE);
    }

    @Test
    void theWriterOfAnOlderGenerationIsRefused() {
        queue.requested(push("main", CommitId.NONE, A));
        var late = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        queue.pass(Duration.ofMinutes(5));
        var other = queue.server("two");
        other.recover(Duration.ofMinutes(1));
        var again = other.claimRun().orElseThrow();

        assertThat(again.generation()).isGreaterThan(late.generation());
        assertThat(server.end(late, Verdict.FAILED, "late")).isFalse();
        assertThat(server.beat(late)).isInstanceOf(Beat.Lost.class);
        assertThat(other.end(again, Verdict.PASSED, "")).isTrue();
        assertThat(queue.states("airlock/main")).endsWith("passed").doesNotContain("failed");
    }

    @Test
    void aLateReaderOfASourceMakesNoRuns() {
        queue.requested(push("main", CommitId.NONE, A));
        var late = server.claimRequest().orElseThrow();
        queue.pass(Duration.ofMinutes(5));
        var other = queue.server("two");
        other.recover(Duration.ofMinutes(1));
        assertThat(other.claimRequest()).isPresent();

        assertThat(queue.planning.planned(late, TrustClass.LISTED, A, List.of(MAIN))).isFalse();
        assertThat(server.claimRun()).isEmpty();
    }

    @Test
    void aServerThatBeatsKeepsItsClaims() {
        queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        queue.pass(Duration.ofMinutes(5));
        server.heartbeat();

        assertThat(queue.server("two").recover(Duration.ofMinutes(1))).isZero();
        assertThat(server.beat(run)).isInstanceOf(Beat.GoOn.class);
    }

    @Test
    void aRunThatHadBegunToPublishIsNeverBegunAgain() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        assertThat(server.publishing(run)).isTrue();

        queue.server("two").recover(Duration.ZERO);

        assertThat(queue.stateOf(request)).isEqualTo("ended broke");
        assertThat(queue.server("two").claimRun()).isEmpty();
    }

    @Test
    void aPostPlanThatHadEndedDecidesTheRunThoughItsServerDied() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        var records = new PhaseRecords(queue.database, InstantSource.system());
        var key = new PhaseKey(run.id(), run.generation(), Phase.POST_PLAN);
        records.begun(key, "", List.of());
        server.publishing(run);
        records.ended(key, new PhaseResult.Passed());

        queue.server("two").recover(Duration.ZERO);

        assertThat(queue.stateOf(request)).isEqualTo("ended passed");
        assertThat(queue.server("two").claimRun()).isEmpty();
    }

    @Test
    void aRunThatKillsItsServerAgainAndAgainIsGivenUp() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        for (int life = 2; life <= 9; life++) {
            var next = queue.server("life " + life);
            next.recover(Duration.ZERO);
            next.claimRun();
        }

        assertThat(queue.stateOf(request)).isEqualTo("ended broke");
    }

    @Test
    void aNewerPushEndsARunningOneOnlyWhereThePolicySaysSo() {
        queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        queue.requested(push("main", A, B));
        assertThat(server.beat(run)).isInstanceOf(Beat.GoOn.class);

        queue.intake.keep(
                queue.delivery("x", "y"),
                push("main", B, commit('c')),
                new IntakePolicy(false, true));

        assertThat(server.beat(run)).isInstanceOf(Beat.End.class);
    }

    @Test
    void anOutsideRunIsAlwaysEndedByANewerHead() {
        queue.requested(change(7, "main", A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.OUTSIDE);
        queue.requested(change(7, "main", B));

        assertThat(server.beat(run)).isInstanceOf(Beat.End.class);
    }

    @Test
    void ofManyPushesAtOnceTheNewestRuns() {
        var last = queue.requested(push("main", CommitId.NONE, commit('9')));
        CommitId before = A;
        for (char c : "bcdef12345".toCharArray()) {
            last = queue.requested(push("main", before, commit(c)));
            before = commit(c);
        }

        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(last);
        assertThat(server.claimRequest()).isEmpty();
    }

    @Test
    void aRefThatHasMovedOnEndsTheRequestAndItsTipGetsOne() {
        var request = queue.requested(push("main", CommitId.NONE, A));
        queue.planning.moved(server.claimRequest().orElseThrow(), B);

        assertThat(queue.stateOf(request)).isEqualTo("ended superseded");
        assertThat(server.claimRequest().orElseThrow().commit()).isEqualTo(B);
    }

    @Test
    void theTipsSupersededRequestIsQueuedAgainWhenAnOlderPushArrivedAfterIt() {
        var tip = queue.requested(push("main", A, B));
        queue.requested(push("main", CommitId.NONE, A));
        assertThat(queue.stateOf(tip)).isEqualTo("ended superseded");

        queue.planning.moved(server.claimRequest().orElseThrow(), B);

        assertThat(queue.stateOf(tip)).isEqualTo("queued");
    }

    @Test
    void aRequestThatIsQueuedAgainRepeatsOnlyWhatWasSupersededAndForgetsThoseVerdicts() {
        var plans = List.of(MAIN, OTHER);
        var tip = queue.requested(push("main", A, B));
        var claim = server.claimRequest().orElseThrow();
        queue.planning.planned(claim, TrustClass.LISTED, claim.commit(), plans);
        var first = server.claimRun().orElseThrow();
        queue.requested(push("main", CommitId.NONE, A));
        queue.planning.moved(server.claimRequest().orElseThrow(), B);

        server.end(first, Verdict.PASSED, "");
        assertThat(queue.stateOf(tip)).as("its other run was superseded").isEqualTo("queued");
        claim = server.claimRequest().orElseThrow();
        queue.planning.planned(claim, TrustClass.LISTED, claim.commit(), plans);
        var second = server.claimRun().orElseThrow();
        assertThat(second.plan()).isEqualTo(OTHER.plan());
        server.end(second, Verdict.PASSED, "");

        assertThat(queue.stateOf(tip)).isEqualTo("ended passed");
        assertThat(queue.announced.getLast().state())
                .isEqualTo(new StateChange.State.Ended(Verdict.PASSED, "2 of 2 runs passed"));
        assertThat(server.claimRun()).isEmpty();
    }

    @Test
    void cancellingEndsAWaitingRunAndAsksARunningOne() {
        queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);

        assertThat(queue.asks.cancel(run.id(), "ann")).isEqualTo(Asks.Cancelled.ASKED);
        assertThat(server.beat(run)).isEqualTo(new Beat.End("cancelled by ann"));
        server.end(run, Verdict.CANCELLED, "cancelled by ann");
        assertThat(queue.asks.cancel(run.id(), "ann")).isEqualTo(Asks.Cancelled.TOO_LATE);
        assertThat(queue.asks.cancel(airlock.event.RunId.random(), "ann"))
                .isEqualTo(Asks.Cancelled.UNKNOWN);
    }

    @Test
    void aRerunIsANewRequestThatSaysWhoAskedForIt() {
        queue.requested(push("main", CommitId.NONE, A));
        var run = claimedRun(server.claimRequest().orElseThrow(), TrustClass.LISTED);
        server.end(run, Verdict.FAILED, "x");

        var again = queue.asks.rerun(run.id().text(), false, "ann").orElseThrow();

        assertThat(queue.stateOf(again)).isEqualTo("queued");
        assertThat(queue.announced.getLast().trust())
                .as("the class before the claim decides it")
                .isEqualTo(TrustClass.INSIDE);
        assertThat(server.claimRequest().orElseThrow().id()).isEqualTo(again);
    }
}
