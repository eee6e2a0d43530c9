package airlock.run;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StoredRuns;
import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.phases.PhaseRunner;
import airlock.queue.ClaimedRun;
import airlock.queue.Claims;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.results.PhaseResult;
import airlock.run.RequestWorker.FetchPauses;
import airlock.run.RunWorker.TipCheck;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import airlock.store.DiskSpace;
import airlock.store.Listener;
import airlock.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests and runs that wait: for their forge, behind a fork's commit, or for room on the disk.
final class WaitingWorkTest {
    private static final Listing AWAY = new Unreachable("connection refused", true);
    private static final String NO_IMAGE = "there is no image here";
    private static final CommitId TOPIC = commit(9);

    @TempDir Path directory;
    private StoredRuns runs;

    @BeforeEach
    void open() {
        runs = new StoredRuns(directory);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private static CommitId commit(int number) {
        return new CommitId("%040x".formatted(0xabc0 + number));
    }

    private static Listing tip(String branch, CommitId commit) {
        return new Listing.Tips(List.of(new Listing.Tip("refs/heads/" + branch, commit, commit)));
    }

    private Planning planning(Listener<StateChange> changes, InstantSource clock) {
        return new Planning(runs.database, clock, changes, new OutsideRateLimit(1));
    }

    private RunWorker worker(Claims claims, SourceFetcher fetcher, Listener<StateChange> changes) {
        return new RunWorker(
                claims,
                new TipCheck(fetcher, planning(changes, runs::now)),
                _ -> Optional.of(StoredRuns.known()),
                new PhaseRunner(runs.parts(NO_IMAGE)),
                runs.records,
                runs.logs,
                runs::now);
    }

    private State state(RequestId request) {
        return runs.views.request(request).orElseThrow().state();
    }

    private State state(ClaimedRun run) {
        return runs.views.head(run.id()).orElseThrow().state();
    }

    /// A run that has passed its plan; the server has just stopped.
    private ClaimedRun planned() {
        runs.push("main");
        var request = runs.current().claimRequest().orElseThrow();
        String plan =
                """
                plan: [{action: shell, shell: make}]
                post_plan: [{action: shell, shell: make publish}]
                """;
        byte[] text = plan.getBytes(StandardCharsets.UTF_8);
        planning(runs.outbox, runs::now)
                .planned(
                        request,
                        TrustClass.LISTED,
                        request.commit(),
                        List.of(NewRun.own("main", "", ".airlock.yaml", text, "/tars/x.tar")));
        var claimed = runs.claim();
        var key = StoredRuns.key(claimed, Phase.PLAN);
        runs.records.begun(key, "", List.of());
        runs.records.ended(key, PhaseResult.passed());
        runs.claims().recoverAll();
        return claimed;
    }

    /// A server that has just started; says whether it found something to do.
    private boolean publishes(Listing tips) throws InterruptedException {
        var claims = runs.claims();
        claims.recoverAll();
        return worker(claims, AnsweringFetcher.of(tips), runs.outbox).runOnce();
    }

    private List<Phase> phases(ClaimedRun run) {
        return runs.views.phases(run.id()).stream().map(phase -> phase.phase()).toList();
    }

    @Test
    void aRunWaitsForItsForgeLongerEachTimeThroughRestartsAndThenGoesOnWithPostPlanAlone()
            throws Exception {
        var run = planned();
        assertThat(publishes(AWAY)).isTrue();
        assertThat(state(run)).isInstanceOf(State.Queued.class);
        assertThat(publishes(AWAY)).as("at once").isFalse();
        runs.pass(Duration.ofSeconds(6));
        assertThat(publishes(AWAY)).isTrue();
        runs.pass(Duration.ofSeconds(6));
        assertThat(publishes(AWAY)).as("the second wait is longer").isFalse();
        for (int i = 0; i < 20; i++) {
            runs.pass(Duration.ofMinutes(10));
            assertThat(publishes(AWAY)).isTrue();
        }
        assertThat(state(run)).isInstanceOf(State.Queued.class);
        assertThat(phases(run)).containsExactly(Phase.PLAN);

        runs.pass(Duration.ofMinutes(10));
        assertThat(publishes(tip("main", run.commit()))).isTrue();
        assertThat(state(run))
                .as("its post_plan was begun, for which there is no image here")
                .isEqualTo(new State.Ended(Verdict.BROKE, NO_IMAGE));
        assertThat(phases(run)).as("the plan did not run again").containsExactly(Phase.PLAN);
    }

    @Test
    void whatTimeDoesNotHealEndsTheRun() throws Exception {
        var run = planned();
        publishes(new Unreachable("the credentials are not accepted", false));
        assertThat(state(run))
                .isInstanceOfSatisfying(
                        State.Ended.class,
                        ended -> assertThat(ended.verdict()).isEqualTo(Verdict.BROKE));
    }

    @Test
    void aRunThatHasBegunToPublishIsNotPutBack() {
        planned();
        var claims = runs.claims();
        var claimed = claims.claimRun().orElseThrow();
        assertThat(claims.publishing(claimed)).isTrue();
        assertThat(claims.later(claimed)).isFalse();
    }

    private RequestWorker worker(
            Function<Wanted, Fetched> fetches, DiskSpace room, InstantSource clock) {
        return new RequestWorker(
                runs.current(),
                planning(runs.outbox, clock),
                new AnsweringFetcher(fetches, tip("topic", TOPIC)),
                _ -> Optional.of(StoredRuns.known()),
                (_, _, _) -> new QueuedChanges.Unnamed("no queue"),
                new DiskSpaceGate(room, 1_000));
    }

    @Test
    void t11AFailedFetchOfAForksCommitPausesForksAlone() throws Exception {
        var outside = new ArrayList<CommitId>();
        Function<Wanted, Fetched> halfAway =
                wanted -> {
                    if (!wanted.repository().outside()) {
                        return new Refused("it is broken");
                    }
                    outside.add(wanted.commit());
                    return new Unreachable("it takes too long", true);
                };
        var worker = worker(halfAway, () -> 2_000, runs::now).at("forge");
        var fork = runs.offer(7, "", commit(7));
        var otherFork = runs.offer(8, "", commit(8));
        workUntilNothingIsLeft(worker);
        var own = runs.offer(9, "topic", TOPIC);
        var push = runs.push("main");
        workUntilNothingIsLeft(worker);
        assertThat(List.of(state(own), state(push)))
                .containsOnly(new State.Ended(Verdict.FAILED, "it is broken"));
        assertThat(List.of(state(fork), state(otherFork)))
                .hasOnlyElementsOfType(State.Queued.class);
        assertThat(outside).containsExactly(commit(7));
        runs.pass(Duration.ofSeconds(5));
        workUntilNothingIsLeft(worker);
        assertThat(outside).hasSize(2);
    }

    private static void workUntilNothingIsLeft(Workers.Worker worker) throws InterruptedException {
        while (worker.runOnce()) {
            // the next one
        }
    }

    private boolean fails(RuntimeException fault, DiskSpace room, InstantSource clock)
            throws InterruptedException {
        Function<Wanted, Fetched> failing =
                _ -> {
                    throw fault;
                };
        return worker(failing, room, clock).at("forge").runOnce();
    }

    private boolean fails(RuntimeException fault, long free) throws InterruptedException {
        return fails(fault, () -> free, runs::now);
    }

    private static RuntimeException full() {
        return new UncheckedIOException(new IOException("No space left on device"));
    }

    @Test
    void aRequestWhoseFetchFoundTheDiskFullWaitsAndIsTriedAgain() throws Exception {
        var request = runs.push("main");
        assertThat(fails(full(), 2_000)).isTrue();
        assertThat(state(request)).isInstanceOf(State.Queued.class);
        assertThat(fails(full(), 2_000)).as("before its time").isFalse();

        runs.pass(Duration.ofMinutes(1));
        assertThat(fails(new IllegalStateException("why ever"), 999)).isTrue();
        assertThat(state(request)).as("while there is no room").isInstanceOf(State.Queued.class);

        runs.pass(Duration.ofMinutes(1));
        assertThat(fails(new IllegalStateException("why ever"), 2_000)).isTrue();
        assertThat(state(request)).isEqualTo(new State.Ended(Verdict.BROKE, "why ever"));
    }

    @Test
    void aRequestThatMetAFullDiskWaitsThoughThereIsRoomAgainBeforeThatIsWritten() throws Exception {
        var request = runs.push("main");
        var free = new AtomicLong(0);
        InstantSource failsOnce =
                () -> {
                    if (free.getAndSet(2_000) == 0) {
                        throw new StoreException("the state could not be written: disk full");
                    }
                    return runs.now();
                };
        assertThat(fails(new IllegalStateException("why ever"), free::get, failsOnce)).isTrue();
        assertThat(free).as("room while it was written").hasValue(2_000);
        assertThat(state(request)).isInstanceOf(State.Queued.class);
    }

    @Test
    void aRequestThatNeverFitsIsGivenUpSomeDay() throws Exception {
        var request = runs.push("main");
        for (int i = 0; i < 21; i++) {
            assertThat(state(request)).isInstanceOf(State.Queued.class);
            assertThat(fails(full(), 2_000)).isTrue();
            runs.pass(Duration.ofMinutes(1));
        }
        assertThat(state(request)).isInstanceOf(State.Ended.class);
    }

    @Test
    void theVerdictOfARunIsWrittenAgainUntilItIsOnTheDiskAndStaysWhatItWas() throws Exception {
        var request = runs.push("main");
        runs.plan("main");
        // a state that can't be written the first times that something ends
        var left = new AtomicInteger(2);
        Listener<StateChange> full =
                (_, change) -> {
                    if (change.state() instanceof State.Ended && left.getAndDecrement() > 0) {
                        throw new StoreException("the state could not be written: disk full");
                    }
                };
        var claims = new Claims(runs.database, runs::now, full, "the server");
        assertThat(worker(claims, AnsweringFetcher.of(AWAY), full).runOnce()).isTrue();
        assertThat(left.get()).isNegative();
        assertThat(runs.views.runsOf(request).getFirst().state())
                .isInstanceOfSatisfying(
                        State.Ended.class,
                        ended -> {
                            assertThat(ended.verdict()).isEqualTo(Verdict.PASSED);
                            assertThat(ended.reason()).doesNotContain("disk full");
                        });
    }

    private static final RepositoryId REPOSITORY = new RepositoryId("forge", "1");
    private static final RepositoryId OTHER = new RepositoryId("forge", "2");

    private final FetchPauses pauses = new FetchPauses();

    @Test
    void eachPauseIsTwiceAsLongUpToALongest() {
        assertThat(Stream.generate(() -> pauses.afterFailure(REPOSITORY.toString())).limit(5))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(40));
    }

    @Test
    void aFetchThatGetsThroughBeginsAnew() {
        pauses.afterFailure(REPOSITORY.toString());
        pauses.afterFailure(REPOSITORY.toString());
        pauses.over(REPOSITORY, false);

        assertThat(pauses.afterFailure(REPOSITORY.toString())).isEqualTo(FetchPauses.FIRST);
    }

    @Test
    void oneRepositoryDoesNotWaitForAnother() {
        pauses.afterFailure(REPOSITORY.toString());

        assertThat(pauses.afterFailure(OTHER.toString())).isEqualTo(FetchPauses.FIRST);
    }

    @Test
    void changesFromOutsideHavePausesOfTheirOwn() {
        pauses.afterFailure(FetchPauses.of(REPOSITORY, true));
        pauses.over(REPOSITORY, false);

        assertThat(pauses.afterFailure(FetchPauses.of(REPOSITORY, false)))
                .isEqualTo(FetchPauses.FIRST);
        assertThat(pauses.afterFailure(FetchPauses.of(REPOSITORY, true)))
                .isEqualTo(FetchPauses.FIRST.multipliedBy(2));
    }
}
