package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.results.Mark;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunHead.Revision;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// T10: what is private answers like what does not exist, in the answer and in the steps to it.
class PrivateTest {
    private static final String HIDDEN = "hiddenaaaaaaaaaaaaaa";
    private static final String NOWHERE = "nowhereaaaaaaaaaaaaa";

    private static final Revision HIDDEN_HULL =
            new Revision(Samples.PRIVATE, Samples.MAIN, Samples.COMMIT, Samples.HULL.summary());

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void hideARun() {
        var head = hidden("hidden", Samples.ended(Verdict.PASSED, ""));
        site.views.put(Samples.view(head, Mark.PASSED));
        site.views.put(
                new RequestView(
                        head.request(),
                        HIDDEN_HULL,
                        new State.Queued(),
                        "",
                        Samples.NOW,
                        List.of()));
        site.logs.append(head.id(), Samples.STEP, 1, 0, "text\n");
        site.artifacts.put(head.id(), "file", new byte[3]);
    }

    private static RunHead hidden(String name, State state) {
        return Samples.head(name, name, HIDDEN_HULL, "main", "", state);
    }

    /// An answer and the look-ups for it.
    private record Answer(
            int status, String body, Map<String, List<String>> headers, List<String> steps) {}

    private Answer ask(String path, String... headers) {
        site.steps.clear();
        var answer = site.get(path, headers);
        return new Answer(
                answer.statusCode(), answer.body(), headers(answer), List.copyOf(site.steps));
    }

    private static Map<String, List<String>> headers(HttpResponse<String> answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return headers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/requests/%s",
                "/runs/%s",
                "/runs/%s/log",
                "/runs/%s/log.txt",
                "/runs/%s/log.jsonl",
                "/runs/%s/log.html",
                "/runs/%s/events",
                "/runs/%s/artifacts",
                "/runs/%s/artifacts/file",
                "/api/v1/requests/%s",
                "/api/v1/runs/%s",
                "/api/v1/runs/%s/log",
                "/api/v1/runs/%s/artifacts",
                "/api/v1/runs/%s/artifacts/file"
            })
    @Retention(RetentionPolicy.RUNTIME)
    private @interface EachPathOfARun {}

    @EachPathOfARun
    void whatBelongsToAPrivateRunIsNotThere(String path) {
        for (String accept : List.of("text/html", "*/*")) {
            var hidden = ask(path.formatted(HIDDEN), "Accept", accept);
            var nowhere = ask(path.formatted(NOWHERE), "Accept", accept);
            assertThat(hidden.status()).isEqualTo(404);
            assertThat(hidden).isEqualTo(nowhere);
            assertThat(hidden.steps()).hasSize(2).startsWith("visibility");
        }
    }

    @EachPathOfARun
    void itsTokenOpensItAndNoOtherDoes(String path) {
        String hidden = path.formatted(HIDDEN);
        assertThat(ask(hidden, "Authorization", "Bearer " + Site.TOKEN).status()).isEqualTo(200);
        assertThat(ask(path.formatted(NOWHERE), "Authorization", "Bearer " + Site.TOKEN).status())
                .isEqualTo(404);
        var none = ask(hidden);
        for (String wrong :
                List.of(
                        "Bearer " + Site.TOKEN.replace('f', 'e'),
                        "Bearer " + Site.TOKEN + "0",
                        "Bearer",
                        "Bearer ",
                        "Bearer a b",
                        "Basic " + Site.TOKEN,
                        Site.TOKEN,
                        "x".repeat(5000))) {
            assertThat(ask(hidden, "Authorization", wrong)).as(wrong).isEqualTo(none);
        }
    }

    @Test
    void aLiveLogEndsWhenItsTokenIsRevoked() throws IOException {
        var running = hidden("running", new State.Running());
        site.views.put(Samples.view(running, Mark.RUNNING));
        site.logs.append(running.id(), Samples.STEP, 1, 0, "text\n");
        var stream =
                site.open(
                        "/runs/" + running.id() + "/events",
                        "Authorization",
                        "Bearer " + Site.TOKEN);
        assertThat(stream.statusCode()).isEqualTo(200);
        try (var events = stream.body()) {
            int first = events.read();
            assertThat(first).isNotNegative();
            site.tokenIsGood = false;
            String rest = new String(events.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).contains("event: log").doesNotContain("event: end");
        }
    }

    @Test
    void aPrivateRepositorysBadgeIsThatOfNone() {
        var hidden = ask("/badges/codeberg/harbour/secret.svg");
        assertThat(hidden.status()).isEqualTo(200);
        assertThat(hidden.body()).contains("unknown");
        assertThat(hidden).isEqualTo(ask("/badges/codeberg/no/where.svg"));
        assertThat(
                        ask(
                                        "/badges/codeberg/harbour/secret.svg",
                                        "Authorization",
                                        "Bearer " + Site.TOKEN)
                                .body())
                .contains("passing");
    }

    @Test
    void listsHaveNoneOfItButForItsToken() {
        for (String list :
                List.of(
                        "/",
                        "/?repository=codeberg/harbour/secret",
                        "/api/v1/runs",
                        "/api/v1/runs?repository=codeberg/harbour/secret",
                        "/api/v1/requests",
                        "/api/v1/repositories")) {
            assertThat(ask(list).body()).as(list).doesNotContain(HIDDEN, "\"id\":\"codeberg:18");
            assertThat(ask(list, "Authorization", "Bearer " + Site.TOKEN).body())
                    .as(list)
                    .contains("secret");
        }
        var hidden = ask("/api/v1/runs?repository=codeberg/harbour/secret");
        assertThat(hidden).isEqualTo(ask("/api/v1/runs?repository=codeberg/no/where"));
    }
}
