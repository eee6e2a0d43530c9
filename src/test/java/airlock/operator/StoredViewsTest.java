package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StoredRuns;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.Verdict;
import airlock.forge.StatusPoster.CommitState;
import airlock.queue.ClaimedRun;
import airlock.queue.OperatorRequests;
import airlock.results.Mark;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords.StepOutcome;
import airlock.results.PhaseResult;
import airlock.results.PhaseTimes;
import airlock.results.RunHead;
import airlock.results.RunQuery;
import airlock.results.RunView.Visit;
import airlock.results.StepView;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import airlock.results.VisitRecords;
import airlock.statuses.StatusViews.OutboxRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows, as the pages show them.
class StoredViewsTest {
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");
    private static final Set<RepositoryId> OURS = Set.of(StoredRuns.REPOSITORY);

    private final StoredRuns stored;
    private final StoredViews views;

    StoredViewsTest(@TempDir Path folder) {
        this.stored = new StoredRuns(folder);
        this.views = stored.views;
    }

    @AfterEach
    void close() {
        stored.close();
    }

    @Test
    void aRequestWaitsUntilItHasRuns() {
        var request = stored.push("main");
        assertThat(views.waiting(OURS, 10)).extracting(r -> r.id()).containsExactly(request);
        assertThat(views.request(request).orElseThrow().reason()).isNotEmpty();
        assertThat(views.request(request).orElseThrow().runs()).isEmpty();
        assertThat(views.newest(StoredRuns.REPOSITORY, MAIN, ""))
                .containsExactly(new State.Queued());
        stored.plan("main", "nightly");
        assertThat(views.waiting(OURS, 10)).isEmpty();
        assertThat(views.request(request).orElseThrow().runs())
                .extracting(RunHead::plan)
                .containsExactly("main", "nightly");
    }

    @Test
    void ofARunThatWasVisitedAndClaimedVeryOftenOnlyTheNewestIsRead() {
        var run = stored.running();
        var visits = new VisitRecords(stored.database, stored::now);
        for (int i = 0; i < 300; i++) {
            visits.begun(run.id(), Phase.PLAN, false, "visitor " + i);
            long generation = run.generation() + i;
            int _ =
                    stored.database.write(
                            handle -> handle.execute("UPDATE run SET generation = ?", generation));
            stored.records.begun(new PhaseKey(run.id(), generation, Phase.PLAN), "tcg", List.of());
        }
        assertThat(views.run(run.id()).orElseThrow().visits())
                .hasSize(200)
                .extracting(Visit::who)
                .startsWith("visitor 100")
                .endsWith("visitor 299");
        assertThat(stored.views.phases(run.id())).hasSize(50);
    }

    @Test
    void aRunShowsItsPhasesAndSteps() {
        var run = stored.running();
        var key = StoredRuns.key(run, Phase.PLAN);
        stored.records.begun(key, "tcg", List.of());
        stored.records.stepBegun(key, 0, "shell: make", 1_000_000, 0);
        stored.records.stepEnded(
                key,
                0,
                new StepOutcome("passed", Optional.of(0), 3_500_000, 1_000_000, 500_000, 2048));
        stored.records.stepBegun(key, 1, "shell: make test", 3_500_000, 0);
        var view = views.run(run.id()).orElseThrow();
        assertThat(view.head().mark()).isEqualTo(Mark.RUNNING);
        assertThat(view.planFile()).isEqualTo(".airlock.yaml");
        var phase = view.phases().getFirst();
        assertThat(phase.mark()).isEqualTo(Mark.RUNNING);
        assertThat(phase.times().start()).contains(stored.now());
        assertThat(phase.times().isRunning()).isTrue();
        var first = phase.steps().getFirst();
        assertThat(first.mark()).isEqualTo(Mark.PASSED);
        assertThat(first.end().orElseThrow().took()).isEqualTo(Duration.ofMillis(2500));
        assertThat(first.end().orElseThrow().cpu()).isEqualTo(Duration.ofMillis(1500));
        assertThat(first.end().orElseThrow().peakMemory()).isEqualTo(2 << 20);
        assertThat(phase.steps().getLast().mark()).isEqualTo(Mark.RUNNING);
    }

    @Test
    void aRunShowsWhatStoodBetweenItsVmsAndTheHost() {
        var run = stored.running();
        assertThat(views.run(run.id()).orElseThrow().isolation()).isEmpty();
        stored.records.begun(StoredRuns.key(run, Phase.PRE_PLAN), "kvm; every wall", List.of());
        stored.records.begun(StoredRuns.key(run, Phase.PLAN), "kvm; every wall", List.of());
        assertThat(views.run(run.id()).orElseThrow().isolation()).isEqualTo("kvm; every wall");
        stored.records.begun(StoredRuns.key(run, Phase.POST_PLAN), "kvm; no cgroup", List.of());
        assertThat(views.run(run.id()).orElseThrow().isolation())
                .isEqualTo(
                        """
                        pre_plan: kvm; every wall
                        plan: kvm; every wall
                        post_plan: kvm; no cgroup\
                        """);
    }

    @Test
    void stepsThatWaitAreShownBeforeTheyBegin() {
        var run = stored.running();
        var key = begunWithThreeSteps(run);
        assertThat(marks(run)).containsExactly(Mark.PASSED, Mark.RUNNING, Mark.QUEUED);
        stored.records.begun(key, "tcg", List.of("shell: one"));
        assertThat(marks(run)).containsExactly(Mark.QUEUED);
    }

    @Test
    void aStepUnderWhichItsPhaseEndedSaysSoAndThoseBehindItWereNotRun() {
        for (var result :
                List.of(
                        PhaseResult.timedOut(Duration.ofMinutes(1), "time_limit"),
                        PhaseResult.cancelled("by ada"),
                        PhaseResult.failed("out of memory"),
                        PhaseResult.broke("QEMU is gone", false))) {
            var run = stored.running();
            var key = begunWithThreeSteps(run);
            stored.records.ended(key, result);
            assertThat(marks(run))
                    .containsExactly(Mark.PASSED, Mark.of(result.verdict()), Mark.NOT_RUN);
            stored.current().end(run, result.verdict(), result.reason());
        }
    }

    @Test
    void aPhaseThatAServersEndCutOffDoesNotGoOnForEver() {
        var run = stored.running();
        begunWithThreeSteps(run);
        stored.current().end(run, Verdict.BROKE, "the server ended");
        assertThat(views.run(run.id()).orElseThrow().phases().getFirst().mark())
                .isEqualTo(Mark.BROKE);
        assertThat(marks(run)).containsExactly(Mark.PASSED, Mark.BROKE, Mark.NOT_RUN);
    }

    private PhaseKey begunWithThreeSteps(ClaimedRun run) {
        var key = StoredRuns.key(run, Phase.PLAN);
        stored.records.begun(
                key, "tcg", List.of("shell: make", "shell: make test", "shell: make dist"));
        stored.records.stepBegun(key, 0, "shell: make", 0, 0);
        stored.records.stepEnded(
                key, 0, new StepOutcome("passed", Optional.of(0), 1_000_000, 0, 0, 0));
        stored.records.stepBegun(key, 1, "shell: make test", 1_000_000, 0);
        return key;
    }

    private List<Mark> marks(ClaimedRun run) {
        return views.run(run.id()).orElseThrow().phases().getFirst().steps().stream()
                .map(StepView::mark)
                .toList();
    }

    @Test
    void aPhaseShowsWhereTheTimeOfItsVmWentOnceThatIsOver() {
        var run = stored.running();
        var key = StoredRuns.key(run, Phase.PLAN);
        stored.records.begun(key, "tcg", List.of());
        assertThat(views.run(run.id()).orElseThrow().phases().getFirst().vm())
                .isEqualTo(PhaseTimes.UNKNOWN);

        var parts = new LinkedHashMap<String, Duration>();
        parts.put("template", Duration.ofMillis(1));
        parts.put("drives", Duration.ofMillis(3));
        parts.put("boot", Duration.ofMillis(6));
        parts.put("work", Duration.ofMillis(100));
        parts.put("end", Duration.ofMillis(10));
        parts.put("gate", Duration.ofMillis(7));
        stored.records.took(key, new PhaseTimes("ready", parts));

        assertThat(views.run(run.id()).orElseThrow().phases().getFirst().vm())
                .isEqualTo(new PhaseTimes("ready", parts));
        assertThat(stored.views.vmTimes(run.id().text(), 10))
                .singleElement()
                .satisfies(vm -> assertThat(vm.times()).isEqualTo(new PhaseTimes("ready", parts)))
                .satisfies(
                        vm ->
                                assertThat(vm.times().parts().keySet())
                                        .containsExactlyElementsOf(parts.keySet()));
        assertThat(stored.views.vmTimes("", 10)).hasSize(1);
        assertThat(stored.views.vmTimes("k3q5x7m2vb4hj6tnd2fa", 10)).isEmpty();
    }

    @Test
    void aStepThatFailedIsMarkedSoAndItsPhaseSaysWhy() {
        var run = stored.running();
        var key = StoredRuns.key(run, Phase.PLAN);
        stored.records.begun(key, "tcg", List.of());
        stored.records.stepBegun(key, 0, "shell: make", 0, 0);
        stored.records.stepEnded(
                key, 0, new StepOutcome("was killed by signal 9", Optional.empty(), 1, 0, 0, 0));
        stored.pass(Duration.ofSeconds(5));
        stored.records.ended(key, PhaseResult.failed("step 1 was killed"));
        stored.current().end(run, Verdict.FAILED, "step 1 was killed");
        var view = views.run(run.id()).orElseThrow();
        assertThat(view.head().mark()).isEqualTo(Mark.FAILED);
        assertThat(view.head().reason()).isEqualTo("step 1 was killed");
        var phase = view.phases().getFirst();
        assertThat(phase.mark()).isEqualTo(Mark.FAILED);
        assertThat(phase.reason()).isEqualTo("step 1 was killed");
        assertThat(phase.times().took(stored.now())).isEqualTo(Duration.ofSeconds(5));
        assertThat(phase.steps().getFirst().mark()).isEqualTo(Mark.FAILED);
        var end = phase.steps().getFirst().end().orElseThrow();
        assertThat(end.word()).isEqualTo("was killed by signal 9");
        assertThat(end.exit()).isEmpty();
    }

    @Test
    void runsComeNewestFirstPageByPage() {
        for (int i = 0; i < 5; i++) {
            stored.push("branch-" + i);
            stored.plan("main");
        }
        var first = views.runs(new RunQuery(OURS, SubjectFilter.ANY, "", 3));
        assertThat(first.runs())
                .extracting(run -> run.revision().subject())
                .startsWith(branch("branch-4"));
        assertThat(first.more()).isTrue();
        var rest =
                views.runs(
                        new RunQuery(
                                OURS, SubjectFilter.ANY, first.runs().getLast().id().text(), 3));
        assertThat(rest.runs())
                .extracting(run -> run.revision().subject())
                .containsExactly(branch("branch-1"), branch("branch-0"));
        assertThat(rest.more()).isFalse();
    }

    @Test
    void runsAreChosenByRepositoryAndSubject() {
        stored.push("main");
        stored.plan("main");
        stored.push("other");
        stored.plan("main");
        var main = new SubjectFilter("branch", "refs/heads/main");
        assertThat(views.runs(new RunQuery(OURS, main, "", 9)).runs()).hasSize(1);
        assertThat(views.runs(new RunQuery(Set.of(), SubjectFilter.ANY, "", 9)).runs()).isEmpty();
        var foreign = Set.of(new RepositoryId("forge", "2"));
        assertThat(views.runs(new RunQuery(foreign, SubjectFilter.ANY, "", 9)).runs()).isEmpty();
        var nobody = "a".repeat(20);
        assertThat(views.runs(new RunQuery(OURS, SubjectFilter.ANY, nobody, 9)).runs()).isEmpty();
    }

    @Test
    void aBadgeTellsOfTheNewestPush() {
        stored.push("main");
        stored.plan("main");
        stored.current().end(stored.claim(), Verdict.FAILED, "");
        stored.push("main");
        stored.plan("main", "nightly");
        stored.current().end(stored.claim(), Verdict.PASSED, "");
        assertThat(views.newest(StoredRuns.REPOSITORY, MAIN, "main"))
                .containsExactly(new State.Ended(Verdict.PASSED, ""));
        assertThat(views.newest(StoredRuns.REPOSITORY, MAIN, ""))
                .containsExactlyInAnyOrder(new State.Ended(Verdict.PASSED, ""), new State.Queued());
        assertThat(views.newest(StoredRuns.REPOSITORY, branch("none"), "")).isEmpty();
    }

    @Test
    void aBadgeFollowsARerunOfTheNewestPushAndOfNoOlderOne() {
        stored.push("main");
        stored.plan("main");
        var old = stored.claim();
        stored.current().end(old, Verdict.FAILED, "");
        stored.push("main");
        stored.plan("main");
        var tip = stored.claim();
        stored.end(tip);
        var asks = new OperatorRequests(stored.database, stored::now, (_, _) -> {});
        assertThat(asks.rerun(old.id().text(), false, "ann")).isPresent();
        assertThat(views.newest(StoredRuns.REPOSITORY, MAIN, ""))
                .containsExactly(new State.Ended(Verdict.PASSED, ""));
        assertThat(asks.rerun(tip.id().text(), false, "ann")).isPresent();
        assertThat(views.newest(StoredRuns.REPOSITORY, MAIN, ""))
                .containsExactly(new State.Queued());
    }

    @Test
    void aRequestShowsWhatItsForgeIsTold() {
        var request = stored.push("main");
        stored.plan("main");
        stored.current().end(stored.claim(), Verdict.FAILED, "step 1 exited with 1");
        assertThat(stored.outbox.of(request))
                .anySatisfy(
                        row -> {
                            assertThat(row.context()).isEqualTo("airlock/main");
                            assertThat(row.state()).isEqualTo(CommitState.FAILURE);
                            assertThat(row.description()).isEqualTo("failed: step 1 exited with 1");
                            assertThat(row.delivery()).isEqualTo("waits to be sent");
                        });
        assertThat(stored.outbox.of(request)).noneMatch(OutboxRow::isGivenUp);
        stored.database.write(
                handle ->
                        handle.execute(
                                "UPDATE status_outbox SET outcome = 'given_up', detail = '401'"));
        assertThat(stored.outbox.of(request))
                .allMatch(OutboxRow::isGivenUp)
                .extracting(OutboxRow::delivery)
                .contains("given up: 401");
    }

    @Test
    void whatDoesNotExistIsNotThere() {
        assertThat(views.run(RunId.random())).isEmpty();
        assertThat(views.request(RequestId.random())).isEmpty();
    }

    @Test
    void whoseSomethingIsTakesOneLookWhetherItIsThereOrNot() {
        var request = stored.push("main");
        stored.plan("main");
        var run = views.request(request).orElseThrow().runs().getFirst().id();
        long reads = stored.database.use().reads();
        assertThat(views.repositoryOf(request)).contains(StoredRuns.REPOSITORY);
        assertThat(views.repositoryOf(run)).contains(StoredRuns.REPOSITORY);
        assertThat(stored.database.use().reads()).isEqualTo(reads + 2);
        assertThat(views.repositoryOf(RequestId.random())).isEmpty();
        assertThat(views.repositoryOf(RunId.random())).isEmpty();
        assertThat(stored.database.use().reads()).isEqualTo(reads + 4);
    }

    private static Subject.Branch branch(String name) {
        return new Subject.Branch("refs/heads/" + name);
    }

    @Test
    void aRunAndARequestThatWaitSayWhatKeepsNewWorkFromBeginning() {
        var hindered =
                new StoredViews(
                        stored.database,
                        () -> "waits for room: none is left",
                        _ -> Optional.empty());
        var request = stored.push("main");
        assertThat(hindered.request(request).orElseThrow().reason())
                .isEqualTo("waits for room: none is left");
        stored.plan("main");
        var run = hindered.request(request).orElseThrow().runs().getFirst().id();
        assertThat(hindered.run(run).orElseThrow().reason())
                .isEqualTo("waits for room: none is left");
        stored.claim();
        assertThat(hindered.run(run).orElseThrow().reason()).isEmpty();
    }
}
