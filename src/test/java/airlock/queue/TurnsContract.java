package airlock.queue;

import static airlock.queue.QueueFixture.WIDGET;
import static airlock.queue.QueueFixture.commit;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.Planning.NewRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The order of claims (T11).
abstract class TurnsContract extends QueueContract {
    private static final CommitId A = commit('a');
    private static final RepositoryId SMALL = new RepositoryId("forge", "2");

    private void push(RepositoryId repository, String branch) {
        queue.requested(
                new ForgeEvent.Pushed(
                        repository,
                        QueueFixture.branch(branch),
                        CommitId.NONE,
                        A,
                        CommitSummary.NONE,
                        false),
                repository.id());
    }

    private void offer(RepositoryId repository, long number, String author) {
        offer(repository, number, author, "");
    }

    private void offer(RepositoryId repository, long number, String author, String headRef) {
        queue.requested(
                new ForgeEvent.ChangeOffered(
                        repository,
                        new Subject.Change(number, "main"),
                        CommitId.NONE,
                        A,
                        headRef,
                        new CommitSummary("a change", author),
                        false,
                        false),
                repository.id());
    }

    @Test
    void aWorkerOfOneForgeTakesNothingOfAnother() {
        var elsewhere = new RepositoryId("forgery", "3");
        push(elsewhere, "main");
        assertThat(server.claimRequest("forge")).isEmpty();
        assertThat(server.claimPush("forge")).isEmpty();
        push(SMALL, "main");
        assertThat(server.claimPush("forge").orElseThrow().repository()).isEqualTo(SMALL);
        assertThat(server.claimRequest("forgery").orElseThrow().repository()).isEqualTo(elsewhere);
        assertThat(server.forges()).containsExactlyInAnyOrder("forge", "forgery");
    }

    @Test
    void aForgeThatIsSilentIsLeftAloneWithAllItsRepositoriesAndNoOther() {
        push(WIDGET, "main");
        push(SMALL, "main");
        push(new RepositoryId("forgery", "3"), "main");
        var request = server.claimRequest("forge").orElseThrow();
        queue.planning.later(request, Duration.ZERO, Planning.Paused.FORGE, Duration.ofSeconds(5));

        assertThat(server.claimRequest("forge")).isEmpty();
        assertThat(server.claimRequest("forgery")).isPresent();
        queue.pass(Duration.ofSeconds(5));
        assertThat(server.claimRequest("forge")).isPresent();
        assertThat(server.claimRequest("forge")).isPresent();
    }

    @Test
    void t11AFetchOfAForkThatFailsPausesTheChangesOfForksAndNothingElse() {
        offer(WIDGET, 7, "stranger");
        offer(WIDGET, 8, "stranger");
        var failed = claim();
        queue.planning.later(
                failed, Duration.ofSeconds(5), Planning.Paused.FORKS, Duration.ofSeconds(5));
        offer(WIDGET, 9, "ann", "topic");
        push(WIDGET, "main");

        assertThat(claim().subject().key()).isEqualTo("refs/heads/main");
        assertThat(claim().subject().key()).isEqualTo("9");
        assertThat(server.claimRequest()).isEmpty();
        queue.pass(Duration.ofSeconds(5));
        assertThat(server.claimRequest().map(ClaimedRequest::id)).contains(failed.id());
        assertThat(claim().subject().key()).isEqualTo("8");
    }

    private void planned(ClaimedRequest request, TrustClass trust) {
        assertThat(queue.planning.planned(request, trust, A, List.of(MAIN))).isTrue();
    }

    /// Turns all waiting requests into runs.
    private void planAll() {
        for (var next = server.claimRequest(); next.isPresent(); next = server.claimRequest()) {
            planned(
                    next.get(),
                    next.get().subject() instanceof Subject.Change
                            ? TrustClass.OUTSIDE
                            : TrustClass.LISTED);
        }
    }

    @Test
    void t11OneRequestIsNextAlthoughAThousandOfAnotherRepositoryCameBefore() {
        for (int i = 0; i < 1000; i++) {
            push(WIDGET, "branch-" + i);
        }
        var _ = claim();
        push(SMALL, "main");

        assertThat(claim().repository()).isEqualTo(SMALL);
        assertThat(claim().repository()).isEqualTo(WIDGET);
    }

    @Test
    void t11OneRunIsNextAlthoughManyOfAnotherRepositoryWait() {
        for (int i = 0; i < 50; i++) {
            push(WIDGET, "branch-" + i);
        }
        push(SMALL, "main");
        planAll();

        var first = List.of(server.claimRun().orElseThrow(), server.claimRun().orElseThrow());

        assertThat(first)
                .extracting(ClaimedRun::repository)
                .containsExactlyInAnyOrder(WIDGET, SMALL);
    }

    @Test
    void t11AWorkerForPushesTakesNoChangeRequest() {
        offer(WIDGET, 1, "eve");

        assertThat(server.claimPush("forge")).isEmpty();
        push(WIDGET, "main");
        assertThat(server.claimPush("forge")).isPresent();
        assertThat(claim().subject()).isInstanceOf(Subject.Change.class);
    }

    @Test
    void t11AnHourIsAnHourThoughTheClockThatItBeganByWasADayAhead() {
        queue.pass(Duration.ofDays(1));
        for (int number = 1; number <= 4; number++) {
            offer(WIDGET, number, "eve");
        }
        planAll();
        queue.pass(Duration.ofDays(-1));
        server.heartbeat();
        for (int i = 0; i < 3; i++) {
            server.end(server.claimRun().orElseThrow(), Verdict.PASSED, "");
        }
        assertThat(server.claimRun()).isEmpty();

        queue.pass(Duration.ofHours(1));
        assertThat(server.claimRun()).isPresent();
        offer(SMALL, 5, "eve");
        planAll();
        assertThat(server.claimRun()).as("the hour before it is over").isPresent();
    }

    @Test
    void t11WhatAnAuthorHasBeyondAnHoursRunsWaitsAndIsNotDropped() {
        for (long number = 1; number <= 5; number++) {
            offer(number == 2 ? SMALL : WIDGET, number, "eve");
        }
        offer(WIDGET, 6, "ann");
        planAll();

        assertThat(claimAndEndAll()).isEqualTo(4);
        queue.pass(Duration.ofMinutes(59));
        assertThat(claimAndEndAll()).isZero();
        queue.pass(Duration.ofMinutes(1));
        assertThat(claimAndEndAll()).isEqualTo(2);
    }

    @Test
    void t11AllRunsOfARequestFromOutsideHaveOnePlaceAndComeOneAfterAnother() {
        offer(WIDGET, 1, "eve");
        var request = claim();
        var plans = List.of(MAIN, plan("lint", ""), plan("test", "os=a"), plan("test", "os=b"));
        assertThat(queue.planning.planned(request, TrustClass.OUTSIDE, A, plans)).isTrue();

        for (int i = 0; i < plans.size(); i++) {
            var run = server.claimRun().orElseThrow();
            assertThat(server.claimRun()).as("one at a time").isEmpty();
            server.end(run, Verdict.PASSED, "");
        }
        assertThat(server.claimRun()).isEmpty();
    }

    @Test
    void plansAndCellsOfAPushRunBesideOneAnotherAndEachWaitsForItsOwn() {
        for (int i = 0; i < 2; i++) {
            push(i == 0 ? WIDGET : SMALL, "main");
            var request = claim();
            var plans = List.of(MAIN, plan("test", "os=a"), plan("test", "os=b"));
            queue.planning.planned(request, TrustClass.LISTED, A, plans);
        }
        int claimed = 0;
        while (server.claimRun().isPresent()) {
            claimed++;
        }
        assertThat(claimed).isEqualTo(6);
    }

    private static NewRun plan(String name, String cell) {
        return NewRun.own(name, cell, ".airlock/" + name + ".yaml", new byte[0], "/tars/a");
    }

    private int claimAndEndAll() {
        int claimed = 0;
        for (var run = server.claimRun(); run.isPresent(); run = server.claimRun()) {
            server.end(run.get(), Verdict.PASSED, "");
            claimed++;
        }
        return claimed;
    }

    @Test
    void t11ARunFromOutsideMakesRoomBetweenItsPhasesWhereAPushWaits() {
        offer(WIDGET, 1, "eve");
        planAll();
        var outside = server.claimRun().orElseThrow();
        assertThat(server.yields(outside)).isFalse();

        push(SMALL, "main");
        planAll();
        assertThat(server.yields(outside)).isTrue();

        var push = server.claimRun().orElseThrow();
        assertThat(push.trust()).isEqualTo(TrustClass.LISTED);
        assertThat(server.yields(push)).isFalse();
        var again = server.claimRun().orElseThrow();
        assertThat(again.id()).isEqualTo(outside.id());
        assertThat(again.attempts()).isEqualTo(outside.attempts());
        assertThat(server.end(outside, Verdict.PASSED, "")).isFalse();
    }

    @Test
    void t11AStrangersHundredChangeRequestsComeAfterAPushThatCameLast() {
        for (long number = 1; number <= 100; number++) {
            offer(WIDGET, number, "eve" + number);
        }
        planAll();
        push(WIDGET, "main");
        planAll();

        assertThat(server.claimRun().map(ClaimedRun::trust))
                .isEqualTo(Optional.of(TrustClass.LISTED));
    }
}
