package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Verdict;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void run() {
        site.run("passed", Verdict.PASSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "HEAD / HTTP/1.1",
                "GET /runs/passedaaaaaaaaaaaaaa HTTP/1.1",
                "GET /runs/passedaaaaaaaaaaaaaa/log HTTP/1.1",
                "GET /runs/passedaaaaaaaaaaaaaa/log.txt HTTP/1.1",
                "GET /runs/passedaaaaaaaaaaaaaa/events HTTP/1.1",
                "GET /runs/passedaaaaaaaaaaaaaa/artifacts HTTP/1.1",
                "GET /runs/passedaaaaaaaaaaaaaa/artifacts/report/index.html HTTP/1.1",
                "GET /badges/codeberg/harbour/ship.svg HTTP/1.1",
                "GET /api/v1/runs HTTP/1.1",
                "GET /api/v1/runs?limit=x HTTP/1.1",
                "GET /api/v1/runs/passedaaaaaaaaaaaaaa/artifacts/report/index.html HTTP/1.1",
                "GET /static/airlock.css HTTP/1.1",
                "GET /healthz HTTP/1.1",
                "GET /readyz HTTP/1.1",
                "GET /nowhere HTTP/1.1",
                "DELETE / HTTP/1.1",
                "PUT /hooks/a/b/c HTTP/1.1",
                "BREW / HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /\u0001 HTTP/1.1",
                "GET http://elsewhere.example/ HTTP/1.1",
                "GET / HTTP/9.9",
                "nonsense"
            })
    void everyAnswerTellsBrowsersToBeCarefulAndNothingOfTheServer(String line) {
        String answer =
                Raw.exchange(site.port(), line + "\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains(
                        "content-security-policy: default-src 'none'",
                        "frame-ancestors 'none'",
                        "x-content-type-options: nosniff",
                        "referrer-policy: no-referrer")
                .doesNotContain(
                        "server:", "x-powered-by", "set-cookie", "jetty", "javalin", "exception")
                .doesNotContain("unsafe-inline", "unsafe-eval");
        assertThat(Raw.status(answer)).isLessThan(506).isNotEqualTo(500);
    }

    @Test
    void aWebSocketIsNotOpened() {
        String answer =
                Raw.exchange(
                        site.port(),
                        """
                        GET /x HTTP/1.1
                        Host: x
                        Connection: Upgrade, close
                        Upgrade: websocket
                        Sec-WebSocket-Version: 13
                        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

                        """
                                .replace("\n", "\r\n"));
        assertThat(Raw.status(answer)).isEqualTo(404);
        assertThat(answer).contains("nosniff", "application/problem+json").doesNotContain("Jetty");
    }

    @Test
    void pagesHoldNothingInline() {
        for (String path :
                List.of(
                        "/",
                        "/runs/passedaaaaaaaaaaaaaa",
                        "/runs/passedaaaaaaaaaaaaaa/log",
                        "/nowhere")) {
            assertThat(site.page(path).body())
                    .as(path)
                    .doesNotContain("style=", "<style", "onclick", "javascript:")
                    .doesNotContainPattern("<script(?![^>]*src=\"/static/)");
        }
    }

    @Test
    void browsersGetAPageAndProgramsAProblem() {
        var page = site.page("/nowhere");
        assertThat(page.statusCode()).isEqualTo(404);
        Golden.check("error-404.html", page.body());
        var problem = site.get("/nowhere");
        assertThat(Site.header(problem, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.body())
                .isEqualTo(
                        "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"There is nothing here"
                                + " that can be shown.\"}");
    }

    @Test
    void headSaysWhatGetSays() {
        for (String path :
                List.of(
                        "/",
                        "/runs/passedaaaaaaaaaaaaaa",
                        "/runs/nowhereaaaaaaaaaaaaa",
                        "/badges/a/b.svg",
                        "/api/v1/runs/none",
                        "/static/none")) {
            var head =
                    site.send(
                            site.request(path).method("HEAD", BodyPublishers.noBody()).build(),
                            BodyHandlers.ofString());
            assertThat(head.statusCode()).as(path).isEqualTo(site.get(path).statusCode());
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void assetsAreKeptForEverUnderTheirHash() {
        String css =
                site.page("/")
                        .body()
                        .replaceAll("(?s).*href=\"(/static/airlock.css[^\"]+)\".*", "$1");
        assertThat(css).contains("?v=");
        assertThat(site.get(css).headers().firstValue("Cache-Control").orElseThrow())
                .contains("immutable");
        var plain = site.get("/static/airlock.css");
        assertThat(Site.header(plain, "Cache-Control")).isEqualTo("no-cache");
        String tag = Site.header(plain, "ETag");
        assertThat(site.get("/static/airlock.css", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(site.get("/static/..%2Fpage").statusCode()).isIn(400, 404);
    }

    @Test
    void healthAndReadinessAreTold() {
        assertThat(site.get("/healthz").body()).isEqualTo("ok\n");
        assertThat(site.get("/readyz").statusCode()).isEqualTo(200);
        site.checks.add(new Readiness.Check("store", true, ""));
        site.checks.add(new Readiness.Check("slots", false, "no image"));
        var answer = site.get("/readyz");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("store: ok\nslots: not ready, no image\n");
    }
}
