package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.LOCAL;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
import static airlock.token.TokenScene.request;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.sandbox.Sandbox;
import airlock.token.TokenOrder.TokenLimits;
import airlock.token.TokenScene.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Which parts of a server's answers reach the client.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenAnswerTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final long BIG = 200L << 20;
    private static final TokenLimits SHORT =
            new TokenLimits(Duration.ofSeconds(2), Duration.ofSeconds(1), 2);

    private final Path directory;
    private final TlsKey key;
    private final TokenScene scene;

    TokenAnswerTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        this.key = TlsKey.of(HOST, directory);
        this.scene = TokenScene.of(directory, key);
    }

    @BeforeEach
    void clear() {
        scene.server.received();
        scene.heard.clear();
    }

    @AfterEach
    void itStillServes() throws Exception {
        scene.server.answers(TokenServer.plain("hello"));
        assertThat(scene.ask(get("/api/good")).body()).isEqualTo("hello");
        assertThat(scene.heard.hasLeak()).isFalse();
    }

    @AfterAll
    void close() throws IOException {
        scene.close();
    }

    private Answer answered(String... pieces) throws IOException {
        scene.server.answers(TokenServer.raw(pieces));
        return scene.ask(get("/api/x/y"));
    }

    private Answer redirected(String location) throws IOException {
        return answered(
                "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(location));
    }

    @Test
    void aRedirectWithinTheServerHasItsLocalName() throws Exception {
        String here = "https://" + HOST + ":" + scene.server.port();
        for (String location : List.of(here + "/api/z?a=b", "/api/z?a=b", "../z?a=b")) {
            Answer answer = redirected(location);

            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.head().lines()).contains("Location: http://" + LOCAL + "/api/z?a=b");
        }
        // not followed by the proxy
        assertThat(scene.server.received()).hasSize(3);
    }

    @Test
    void aRedirectThatWouldCarryTheTokenElsewhereIsRefused() throws Exception {
        int port = scene.server.port();
        for (String location :
                List.of(
                        "https://evil.example/api/x",
                        "//evil.example/api/x",
                        "https://evil.example:" + port + "/",
                        "https://" + HOST + ":1/api/x",
                        "http://" + HOST + ":" + port + "/api/x",
                        "https://" + HOST + ".evil.example:" + port + "/",
                        "https://user@" + HOST + ":" + port + "/",
                        "https://" + HOST + "@evil.example:" + port + "/",
                        "javascript:alert(1)",
                        "https://[::1/",
                        "/api/x\r\nLocation: https://evil.example/")) {
            Answer answer = redirected(location);

            assertThat(answer.status()).as(location).isEqualTo(502);
            assertThat(answer.head()).as(location).doesNotContainIgnoringCase("location");
            assertThat(answer.body()).contains("redirects to");
            assertThat(scene.heard.refusal()).startsWith("refused the answer to GET /api/x/y");
        }
    }

    @Test
    void whereSomethingWasMadeElsewhereIsNotTold() throws Exception {
        Answer answer =
                answered(
                        "HTTP/1.1 201 Created\r\nLocation: https://evil.example/x\r\n",
                        "Content-Length: 0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.head()).doesNotContainIgnoringCase("location");
    }

    @Test
    void aSessionThatTheTokenOpenedStaysOutside() throws Exception {
        Answer answer =
                answered(
                        OK,
                        "Set-Cookie: session=1\r\nSet-Cookie2: a\r\nAlt-Svc: h3=\":443\"\r\n",
                        "Strict-Transport-Security: max-age=1\r\nRefresh: 0;url=x\r\n",
                        "Connection: X-Mine\r\nX-Mine: 1\r\nProxy-Authenticate: x\r\n",
                        "Keep-Alive: 5\r\nETag: \"e\"\r\nContent-Length: 2\r\n\r\nok");

        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.head().toLowerCase(Locale.ROOT))
                .contains("etag: \"e\"")
                .doesNotContain(
                        "cookie", "alt-svc", "strict", "refresh", "x-mine", "proxy-", "keep-alive");
    }

    @Test
    void aCompressedAnswerIsRefusedSinceItCantBeSearched() throws Exception {
        for (String header :
                List.of(
                        "Content-Encoding: gzip",
                        "Content-Encoding: identity, br",
                        "Content-Encoding: x",
                        "Transfer-Encoding: gzip, chunked",
                        "Transfer-Encoding: deflate")) {
            Answer answer = answered(OK + header + "\r\nContent-Length: 2\r\n\r\nok");

            assertThat(answer.status()).as(header).isEqualTo(502);
            assertThat(scene.heard.refusal()).contains("answer");
            scene.server.hangUp();
        }
    }

    @Test
    void whatIsNoAnswerIsNotRepeated() throws Exception {
        for (String raw :
                List.of(
                        "echo: " + TOKEN + "\r\n\r\n",
                        "HTTP/1.1 " + TOKEN + "\r\n\r\n",
                        "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
                        OK + "Content-Length: x" + TOKEN.substring(3) + "\r\n",
                        "")) {
            scene.server.answers(
                    (request, out) -> {
                        TokenServer.raw(raw).write(request, out);
                        out.close();
                    });
            Answer answer = scene.ask(get("/api/x"));

            assertThat(answer.status()).as(raw).isEqualTo(502);
            assertThat(answer.text()).doesNotContain(TOKEN);
            assertThat(scene.heard.refusal()).doesNotContain(TOKEN);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNotWhole() throws Exception {
        for (String head :
                List.of(
                        "Content-Length: 10\r\n\r\nabc",
                        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")) {
            scene.server.answers(
                    (request, out) -> {
                        TokenServer.raw(OK + head).write(request, out);
                        out.close();
                    });
            Answer answer = scene.ask(get("/api/x"));

            assertThat(answer.text()).doesNotContain("\r\n0\r\n");
            assertThat(answer.head().contains("Content-Length: 10") && answer.body().length() == 10)
                    .isFalse();
            assertThat(scene.heard.lineOf("/api/x")).endsWith("broken off");
        }
    }

    @Test
    void errorsOfTheServerComeAsTheyAre() throws Exception {
        Answer answer =
                answered(
                        "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nWWW-Authenticate: Basic\r\n",
                        "Content-Length: 4\r\n\r\nbusy");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("busy");
        assertThat(answer.head()).containsIgnoringCase("Retry-After: 0");
        assertThat(scene.server.received()).hasSize(1);
        Answer unchanged = answered("HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n");
        assertThat(unchanged.status()).isEqualTo(304);
    }

    @Test
    void twoHundredMegabytesGoThroughASmallHeap() throws Exception {
        byte[] piece =
                ("x".repeat(60_000) + TOKEN.substring(0, TOKEN.length() - 1))
                        .getBytes(StandardCharsets.US_ASCII);
        long pieces = BIG / piece.length;
        scene.server.answers(
                (request, out) -> {
                    TokenServer.raw(OK + "Content-Length: " + pieces * piece.length + "\r\n\r\n")
                            .write(request, out);
                    for (long i = 0; i < pieces; i++) {
                        out.write(piece);
                    }
                });
        scene.open(get("/api/big"));

        assertThat(scene.length()).isBetween(BIG - 100_000, BIG + 10_000);
    }

    @Test
    void aClientThatReadsNothingHoldsUpNobodyElse() throws Exception {
        scene.server.answers(
                (request, out) -> {
                    if (request.line().contains("big")) {
                        TokenServer.raw(OK + "Content-Length: 100000000\r\n\r\n")
                                .write(request, out);
                        byte[] piece = new byte[1 << 16];
                        for (int i = 0; i < 100; i++) {
                            out.write(piece);
                        }
                    } else {
                        TokenServer.plain("small").write(request, out);
                    }
                });
        for (int slow = 0; slow < 8; slow++) {
            scene.open(get("/api/big"));
        }

        for (int round = 0; round < 10; round++) {
            assertThat(scene.ask(get("/api/small")).body()).isEqualTo("small");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsWaitedForSoLong() throws Exception {
        var end = new CountDownLatch(1);
        try (var hasty = TokenScene.of(directory, key, SHORT, TokenScene.BEARER)) {
            hasty.server.answers((_, _) -> end.await());

            Answer answer = hasty.ask(get("/api/x"));

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).contains("did not answer in time");
            hasty.server.answers(
                    (request, out) -> {
                        TokenServer.raw(OK + "Content-Length: 10\r\n\r\nabc").write(request, out);
                        out.flush();
                        end.await();
                    });
            assertThat(hasty.ask(get("/api/x")).body()).hasSizeLessThan(10);
        } finally {
            end.countDown();
        }
    }

    @Test
    void moreRequestsAtOnceThanAllowedAreRefused() throws Exception {
        var end = new CountDownLatch(1);
        var begun = new CountDownLatch(2);
        var patient = new TokenLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 2);
        try (var few = TokenScene.of(directory, key, patient, TokenScene.BEARER)) {
            few.server.answers(
                    (_, _) -> {
                        begun.countDown();
                        end.await();
                    });
            few.open(get("/api/1"));
            few.open(get("/api/2"));
            begun.await();

            assertThat(few.ask(get("/api/3")).status()).isEqualTo(503);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aServerWhoseCertificateIsNotItsOwnGetsNoToken() throws Exception {
        TlsKey other = TlsKey.of("other.lan", directory);
        for (String authorities : List.of("", other.pem())) {
            var impostor = new TokenServer(other);
            var order =
                    TokenScene.order(
                            impostor.port(), authorities, TokenScene.LIMITS, TokenScene.BEARER);
            try (var against = TokenScene.of(directory, impostor, order, Sandbox.NONE)) {
                Answer answer = against.ask(request("GET", "/api/x"));

                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.body()).contains("certificate");
                assertThat(impostor.received()).isEmpty();
            }
        }
    }
}
