package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.phases.PhaseRunner;
import airlock.queue.NewRun;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.results.PhaseResult;
import airlock.run.RunWorker.TipCheck;
import airlock.run.RunWorker;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose post_plan is next while its forge does not answer.
final class WaitingToPublishTest {
    private static final Listing AWAY = new Unreachable("connection refused", true);

    private static final String NO_IMAGE = "there is no image here";

    @TempDir Path directory;
    private StoredRuns runs;
    private RunId run;
    private CommitId commit;

    @BeforeEach
    void aRunThatHasPassedItsPlan() {
        runs = new StoredRuns(directory);
        runs.push("main");
        var request = runs.current().claimRequest().orElseThrow();
        commit = request.commit();
        planning()
                .planned(
                        request,
                        TrustClass.LISTED,
                        commit,
                        List.of(
                                NewRun.own(
                                        "main",
                                        "",
                                        ".airlock.yaml",
                                        """
                                        plan: [{action: shell, shell: make}]
                                        post_plan: [{action: shell, shell: make publish}]
                                        """
                                                .getBytes(StandardCharsets.UTF_8),
                                        "/tars/x.tar")));
        var claimed = runs.current().claimRun().orElseThrow();
        run = claimed.id();
        var plan = StoredRuns.key(claimed, Phase.PLAN);
        runs.records.begun(plan, "", List.of());
        runs.records.ended(plan, new PhaseResult.Passed());
        runs.claims().recoverAll();
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private Planning planning() {
        return new Planning(runs.database, runs::now, runs.outbox, new OutsideRateLimit(1));
    }

    /// A server that has just started; says whether it found something to do.
    private boolean works(Listing tips) throws InterruptedException {
        var claims = runs.claims();
        claims.recoverAll();
        return new RunWorker(
                        claims,
                        new TipCheck(new Answering(tips), planning()),
                        _ -> Optional.of(StoredRuns.known()),
                        new PhaseRunner(runs.parts(NO_IMAGE)),
                        runs.records,
                        runs.logs,
                        runs::now)
                .runOnce();
    }

    private State state() {
        return runs.views.head(run).orElseThrow().state();
    }

    private List<Phase> phases() {
        return runs.views.phases(run).stream().map(phase -> phase.phase()).toList();
    }

    @Test
    void aRunWaitsForItsForgeLongerEachTimeThroughRestartsAndThenGoesOnWithPostPlanAlone()
            throws Exception {
        assertThat(works(AWAY)).isTrue();
        assertThat(state()).isInstanceOf(State.Queued.class);
        assertThat(works(AWAY)).as("at once").isFalse();
        runs.pass(Duration.ofSeconds(6));
        assertThat(works(AWAY)).isTrue();
        runs.pass(Duration.ofSeconds(6));
        assertThat(works(AWAY)).as("the second wait is longer").isFalse();
        for (int i = 0; i < 20; i++) {
            runs.pass(Duration.ofMinutes(10));
            assertThat(works(AWAY)).isTrue();
        }
        assertThat(state()).isInstanceOf(State.Queued.class);
        assertThat(phases()).containsExactly(Phase.PLAN);

        runs.pass(Duration.ofMinutes(10));
        var there = new Listing.Tips(List.of(new Listing.Tip("refs/heads/main", commit, commit)));
        assertThat(works(there)).isTrue();

        assertThat(state())
                .as("its post_plan was begun, for which there is no image here")
                .isEqualTo(new State.Ended(Verdict.BROKE, NO_IMAGE));
        assertThat(phases()).as("the plan did not run again").containsExactly(Phase.PLAN);
    }

    @Test
    void whatTimeDoesNotHealEndsTheRun() throws Exception {
        works(new Unreachable("the credentials are not accepted", false));

        assertThat(state())
                .isInstanceOfSatisfying(
                        State.Ended.class,
                        ended -> assertThat(ended.verdict()).isEqualTo(Verdict.BROKE));
    }

    @Test
    void aRunThatHasBegunToPublishIsNotPutBack() {
        var claims = runs.claims();
        var claimed = claims.claimRun().orElseThrow();
        assertThat(claims.publishing(claimed)).isTrue();

        assertThat(claims.later(claimed)).isFalse();
    }

    /// A fetcher that only knows where refs are.
    private record Answering(Listing tips) implements SourceFetcher {
        @Override
        public Fetched fetch(Wanted wanted) {
            throw new IllegalStateException("not asked");
        }

        @Override
        public Listing tips(RemoteRepository repository, List<String> prefixes) {
            return tips;
        }

        @Override
        public Reachable reachable(
                RemoteRepository repository, CommitId commit, List<String> branches) {
            throw new IllegalStateException("not asked");
        }

        @Override
        public Changed changed(
                RemoteRepository repository, String ref, CommitId from, CommitId to) {
            throw new IllegalStateException("not asked");
        }
    }
}
