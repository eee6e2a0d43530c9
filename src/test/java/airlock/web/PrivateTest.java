package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// T10: what is private answers like what does not exist.
class PrivateTest {
    private static final String HIDDEN = "hiddenaaaaaaaaaaaaaa";
    private static final String NOWHERE = "nowhereaaaaaaaaaaaaa";

    private final Site site = new Site();

    @BeforeEach
    void hideARun() {
        var shown = Samples.head("hidden", Samples.ended(Verdict.PASSED, ""));
        var head =
                new RunHead(
                        shown.id(),
                        shown.request(),
                        Samples.PRIVATE,
                        shown.subject(),
                        shown.commit(),
                        shown.summary(),
                        shown.trust(),
                        shown.plan(),
                        shown.cell(),
                        shown.state(),
                        shown.times());
        site.views.put(Samples.view(head, Mark.PASSED));
        site.views.put(
                new RequestView(
                        head.request(),
                        Samples.PRIVATE,
                        head.subject(),
                        head.commit(),
                        head.summary(),
                        new State.Queued(),
                        "",
                        Samples.NOW,
                        List.of()));
        site.logs.append(head.id(), Samples.STEP, 1, 0, "text\n");
        site.artifacts.put(head.id(), "file", new byte[3]);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/requests/%s",
                "/runs/%s",
                "/runs/%s/log",
                "/runs/%s/log.txt",
                "/runs/%s/events",
                "/runs/%s/artifacts",
                "/runs/%s/artifacts/file"
            })
    void whatBelongsToAPrivateRunIsNotThere(String path) {
        for (String accept : List.of("text/html", "*/*")) {
            var hidden = site.get(path.formatted(HIDDEN), "Accept", accept);
            var nowhere = site.get(path.formatted(NOWHERE), "Accept", accept);
            assertThat(hidden.statusCode()).isEqualTo(404);
            assertThat(nowhere.statusCode()).isEqualTo(404);
            assertThat(hidden.body()).isEqualTo(nowhere.body());
            assertThat(headers(hidden)).isEqualTo(headers(nowhere));
        }
    }

    @Test
    void aPrivateRepositorysBadgeIsThatOfNone() {
        var hidden = site.get("/badges/codeberg/harbour/secret.svg");
        var nowhere = site.get("/badges/codeberg/no/where.svg");
        assertThat(hidden.statusCode()).isEqualTo(200);
        assertThat(hidden.body()).contains("unknown").isEqualTo(nowhere.body());
        assertThat(headers(hidden)).isEqualTo(headers(nowhere));
    }

    @Test
    void listsHaveNoneOfIt() {
        assertThat(site.page("/").body()).doesNotContain(HIDDEN);
        assertThat(site.page("/?repository=codeberg/harbour/secret").body()).doesNotContain(HIDDEN);
    }

    private static Map<String, List<String>> headers(HttpResponse<String> answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return headers;
    }
}
