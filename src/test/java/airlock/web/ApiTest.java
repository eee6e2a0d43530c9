package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.results.RunHead;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiTest {
    private static final String FAILED = "failedaaaaaaaaaaaaaa";
    private static final String HOSTILE = "<script>\u202e\u001b[31m\u009bé";

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void run() {
        site.show("failed", Verdict.FAILED, "exit code 1");
    }

    private JsonNode json(String path) {
        var answer = site.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Site.header(answer, "Content-Type")).isEqualTo("application/json");
        return JsonMapper.shared().readTree(answer.body());
    }

    @Test
    void runsAreReadPageByPageToTheEnd() {
        for (int i = 0; i < 9; i++) {
            site.show("run" + (char) ('b' + i), Verdict.PASSED, "");
        }
        var seen = new ArrayList<String>();
        String next = "/api/v1/runs?limit=4&subject=main&repository=codeberg/harbour/ship";
        while (!next.isEmpty()) {
            var page = json(next);
            assertThat(page.path("runs").size()).isLessThanOrEqualTo(4);
            page.path("runs").forEach(run -> seen.add(run.path("id").asString()));
            next = page.path("next").asString("");
        }
        assertThat(seen).hasSize(10).doesNotHaveDuplicates();
        assertThat(seen.getLast()).isEqualTo(FAILED);
    }

    @Test
    void aWholeLogIsReadRangeByRange() {
        for (int i = 0; i < 50; i++) {
            site.logs.append(Samples.run("failed"), Samples.STEP, 1 + i % 2, i, "line " + i + "\n");
        }
        String path = "/api/v1/runs/" + FAILED + "/log?bytes=20&from=";
        site.start("failed");
        assertThat(json(path + 0).path("complete").asBoolean()).isFalse();
        site.show("failed", Verdict.FAILED, "");
        var text = new StringBuilder();
        long at = 0;
        for (var range = json(path + at);
                range.path("next").asLong() < range.path("size").asLong()
                        || !range.path("chunks").isEmpty();
                range = json(path + at)) {
            assertThat(range.path("complete").asBoolean()).isTrue();
            range.path("chunks").forEach(chunk -> text.append(chunk.path("text").asString()));
            at = range.path("next").asLong();
        }
        assertThat(text.toString().lines()).hasSize(50).first().isEqualTo("line 0");
        assertThat(json(path + "999999999999999999").path("chunks").isEmpty()).isTrue();
    }

    @Test
    void anAnswerAboutALogOfTinyRecordsIsShortAndTheNextOnesHaveTheRest() {
        for (int i = 0; i < 5_000; i++) {
            site.logs.append(Samples.run("failed"), Samples.STEP, 1, i, "x");
        }
        for (int i = 0; i < 40; i++) {
            site.logs.append(Samples.run("failed"), Samples.STEP, 1, i, "\u00e4".repeat(8_000));
        }
        int characters = 0;
        long at = 0;
        JsonNode range;
        do {
            var answer = site.get("/api/v1/runs/" + FAILED + "/log?bytes=1048576&from=" + at);
            assertThat(answer.body()).hasSizeLessThan(1_200_000);
            range = new JsonMapper().readTree(answer.body());
            for (var chunk : range.path("chunks")) {
                characters += chunk.path("text").asString().length();
            }
            at = range.path("next").asLong();
        } while (at < range.path("size").asLong());
        assertThat(characters).isEqualTo(5_000 + 40 * 8_000);
    }

    @Test
    void aRunWithoutALogHasAnEmptyOne() {
        var log = json("/api/v1/runs/" + FAILED + "/log");
        assertThat(log.path("size").asLong()).isZero();
        assertThat(log.path("complete").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runs?limit=0",
                "runs?limit=101",
                "runs?limit=-1",
                "runs?limit=x",
                "runs?limit=99999999999999999999",
                "runs?before=nonsense",
                "runs?subject=..%2F..",
                "requests?limit=1000",
                "runs/failedaaaaaaaaaaaaaa/log?from=-1",
                "runs/failedaaaaaaaaaaaaaa/log?bytes=0",
                "runs/failedaaaaaaaaaaaaaa/log?bytes=2000000"
            })
    void whatCanNotBeMeantIsRefusedWithTheReason(String path) {
        var answer = site.get("/api/v1/" + path, "Accept", "text/html");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Site.header(answer, "Content-Type")).isEqualTo(HttpProblem.CONTENT_TYPE);
        String parameter = path.replaceFirst(".*\\?(\\w+)=.*", "$1");
        assertThat(answer.body()).contains("\"detail\":\"'" + parameter + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "runs/none", "requests/none", "runs/none/log"})
    void whatIsNotThereIsAProblemAndNoPage(String path) {
        var answer = site.get("/api/v1/" + path, "Accept", "text/html");
        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(Site.header(answer, "Content-Type")).isEqualTo(HttpProblem.CONTENT_TYPE);
    }

    @Test
    void nothingCanBeChanged() {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
            var request =
                    site.request("/api/v1/runs/" + FAILED)
                            .method(method, BodyPublishers.noBody())
                            .build();
            assertThat(site.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void whoHasItAlreadyIsToldSo() {
        String path = "/api/v1/runs/" + FAILED;
        String tag = site.get(path).headers().firstValue("ETag").orElseThrow();
        assertThat(site.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(site.get(path, "If-None-Match", "W/\"0\"").statusCode()).isEqualTo(200);
    }

    private RunHead hostile() {
        var revision = Samples.revision(Samples.MAIN, HOSTILE, HOSTILE);
        var head =
                Samples.head("hostile", "hostile", revision, HOSTILE, HOSTILE, new State.Running());
        site.views.put(Samples.view(head, HOSTILE, List.of()));
        return head;
    }

    @Test
    void whatOthersWroteIsPlainAsciiAndWithoutHarm() {
        var head = hostile();
        site.logs.append(head.id(), Samples.STEP, 1, 0, HOSTILE + "\n");
        site.artifacts.put(head.id(), "a/" + HOSTILE, new byte[1]);
        for (String path :
                List.of(
                        "/api/v1/runs",
                        "/api/v1/runs/hostileaaaaaaaaaaaaa",
                        "/api/v1/runs/hostileaaaaaaaaaaaaa/log",
                        "/api/v1/runs/hostileaaaaaaaaaaaaa/artifacts")) {
            String body = site.get(path).body();
            assertThat(body).as(path).matches("[\\x20-\\x7e]*");
            assertThat(body).as(path).contains("\\u00E9");
            if (!path.endsWith("artifacts")) { // whose paths are sent back as they are
                assertThat(body).as(path).doesNotContainPattern("(?i)\\\\u00(1|[89])|\\\\u202");
            }
        }
    }

    @Test
    void aFileWithAHostileNameIsFoundByItsUrlAndStaysSealed() {
        var head = hostile();
        site.artifacts.put(head.id(), "a/" + HOSTILE, new byte[1]);
        String url =
                json("/api/v1/runs/hostileaaaaaaaaaaaaa/artifacts")
                        .path("files")
                        .path(0)
                        .path("url")
                        .asString();
        var file = site.get(url);
        assertThat(file.statusCode()).as(url).isEqualTo(200);
        assertThat(Site.header(file, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(Site.header(file, "Content-Security-Policy"))
                .isEqualTo(SecurityHeaders.CSP_SEALED);
    }
}
