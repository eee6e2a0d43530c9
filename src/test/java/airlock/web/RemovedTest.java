package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Verdict;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How pages show logs and artifacts that were removed to free space.
class RemovedTest {
    private static final Instant WHEN = Instant.parse("2026-11-01T10:00:00Z");
    private static final String RUN = "/runs/passedaaaaaaaaaaaaaa";

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void run() {
        var view = site.show("passed", Verdict.PASSED, "");
        site.views.put(
                Samples.view(view.head(), view.planFile(), view.phases(), Optional.of(WHEN)));
        site.artifacts.put(Samples.run("passed"), new Artifacts.Listing.Removed(WHEN));
    }

    private String body(String path) {
        return site.get(path).body();
    }

    @Test
    void theRunsPageAndTheLogsPageSayWhenTheLogWasRemovedAndTheVerdictStays() {
        assertThat(body(RUN)).contains("passed", "The log was removed", "2026-11-01 10:00:00 UTC");
        assertThat(body(RUN + "/log?from=0")).contains("The log was removed", "2026-11-01");
    }

    @Test
    void theArtifactsPageSaysSo() {
        assertThat(body(RUN)).contains("/artifacts");
        assertThat(body(RUN + "/artifacts"))
                .contains("The artifacts were removed", "2026-11-01 10:00:00 UTC");
    }

    @Test
    void aProgramThatAsksForTheLogIsToldThatItIsGoneForGood() {
        var answer = site.get(RUN + "/log.txt");
        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).contains("removed to give room back");
        assertThat(site.get("/api/v1" + RUN + "/log").statusCode()).isEqualTo(410);
        assertThat(body("/api/v1" + RUN + "/artifacts"))
                .contains("\"removed\"", "removed at 2026-11-01T10:00:00Z");
    }
}
