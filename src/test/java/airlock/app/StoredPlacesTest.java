package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.results.PlaceUse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredPlacesTest {
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
}
