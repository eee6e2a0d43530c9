package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StoredRuns;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.results.PhaseView.PlaceUse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What phases connected to, and requests that ended without a run, as rows.
final class StoredHistoryTest {
    private static final PlaceUse FILES = new PlaceUse("files.example:443", 2, 10, 300, 0, "");
    private static final PlaceUse EVIL =
            new PlaceUse("evil.example:443", 0, 0, 0, 1, "is not on the list");

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

    @Test
    void whatAPhaseConnectedToBelongsToThatStartAlone() {
        var run = runs.running();
        for (Phase phase : List.of(Phase.PRE_PLAN, Phase.PLAN)) {
            runs.records.begun(StoredRuns.key(run, phase), "none", List.of());
        }

        runs.records.connected(StoredRuns.key(run, Phase.PRE_PLAN), List.of(EVIL));
        runs.records.connected(StoredRuns.key(run, Phase.PRE_PLAN), List.of(FILES, EVIL));

        var phases = runs.views.phases(run.id());
        assertThat(phases).hasSize(2);
        assertThat(phases)
                .allSatisfy(
                        phase ->
                                assertThat(phase.places())
                                        .isEqualTo(
                                                phase.phase() == Phase.PRE_PLAN
                                                        ? List.of(FILES, EVIL)
                                                        : List.of()));
    }

    @Test
    void aWriterWhoseClaimIsOverIsRefused() {
        var run = runs.running();
        var key = StoredRuns.key(run, Phase.PRE_PLAN);
        runs.records.begun(key, "none", List.of());
        runs.crash();

        runs.records.connected(key, List.of(FILES));

        assertThat(runs.views.phases(run.id()).getFirst().places()).isEmpty();
    }

    private static final Set<RepositoryId> OURS = Set.of(StoredRuns.REPOSITORY);

    private RequestId withoutRun(String branch) {
        var request = runs.push(branch);
        runs.plan();
        return request;
    }

    @Test
    void requestsThatEndedWithoutARunStandBesideTheRunsThatCameWhenTheyDid() {
        var first = withoutRun("main");
        runs.end(runs.running());
        var second = withoutRun("other");
        runs.end(runs.running());
        var third = withoutRun("main");
        var all = new RunQuery(OURS, SubjectFilter.ANY, "", 1);
        var newest = runs.views.runs(all);
        var older = new RunQuery(OURS, SubjectFilter.ANY, newest.oldest(), 1);
        var oldest = runs.views.runs(older);
        var main = new RunQuery(OURS, SubjectFilter.of("main").orElseThrow(), "", 9);

        assertThat(runs.views.withoutRun(all, newest.oldest()))
                .extracting(r -> r.id())
                .containsExactly(third);
        assertThat(oldest.oldest()).isEmpty();
        assertThat(
                        runs.views.withoutRun(
                                new RunQuery(OURS, SubjectFilter.ANY, older.before(), 9), ""))
                .extracting(r -> r.id())
                .containsExactly(second, first);
        assertThat(
                        runs.views.withoutRun(
                                new RunQuery(OURS, SubjectFilter.ANY, second.text(), 9), ""))
                .extracting(r -> r.id())
                .containsExactly(first);
        assertThat(runs.views.withoutRun(main, ""))
                .extracting(r -> r.id())
                .containsExactly(third, first);
        assertThat(runs.views.withoutRun(new RunQuery(Set.of(), SubjectFilter.ANY, "", 9), ""))
                .isEmpty();
    }
}
