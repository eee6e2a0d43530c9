package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.LOCAL;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
import static airlock.token.TokenScene.request;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.token.TokenScene.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Which requests reach the server: raw bytes on streams, through the real process.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenRequestTest {
    private static final String GOOD = get("/api/good");

    private final TokenScene scene;

    TokenRequestTest(@TempDir Path directory) throws Exception {
        scene = TokenScene.of(directory, TlsKey.of(HOST, directory));
    }

    @BeforeAll
    void oneWorks() throws Exception {
        assertThat(scene.ask(GOOD).status()).isEqualTo(200);
    }

    @BeforeEach
    void clear() {
        scene.server.received();
        scene.server.answers(TokenServer.plain("hello"));
        scene.heard.clear();
    }

    @AfterEach
    void itStillServes() throws Exception {
        scene.server.answers(TokenServer.plain("hello"));
        assertThat(scene.ask(GOOD).status()).isEqualTo(200);
        assertThat(scene.heard.hasLeak()).isFalse();
    }

    @AfterAll
    void close() throws IOException {
        scene.close();
    }

    private TokenServer.Received received() {
        var all = scene.server.received();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    /// Checks that each is refused and none of its bytes reach the server.
    private void refuses(String... all) throws Exception {
        scene.heard.clear();
        for (String raw : all) {
            Answer answer = scene.askAndEnd(raw);
            assertThat(answer.status()).as(raw).isBetween(400, 599);
            assertThat(answer.text()).as(raw).doesNotContain(TOKEN);
            assertThat(scene.server.received()).as(raw).isEmpty();
            assertThat(scene.heard.refusal()).as(raw).doesNotContain(TOKEN);
        }
    }

    @Test
    void theServerGetsTheTokenAndTheClientTheAnswer() throws Exception {
        Answer answer = scene.ask(get("/api/x?page=1", "Accept: a/b", "User-Agent: curl/8"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.isWhole()).isTrue();
        assertThat(answer.text()).doesNotContain(TOKEN);
        var received = received();
        assertThat(received.line()).isEqualTo("GET /api/x?page=1 HTTP/1.1");
        assertThat(received.values("Authorization")).containsExactly("Bearer " + TOKEN);
        assertThat(received.values("Host")).containsExactly(HOST + ":" + scene.server.port());
        assertThat(received.values("Accept")).containsExactly("a/b");
        assertThat(received.values("User-Agent")).containsExactly("curl/8");
        assertThat(received.values("Accept-Encoding")).containsExactly("identity");
        assertThat(scene.heard.lineOf("/api/x")).isEqualTo("GET /api/x?... 200, 5 bytes");
    }

    @Test
    void severalRequestsShareAConnection() throws Exception {
        String first = "GET /api/1 HTTP/1.1\r\nHost: " + LOCAL + ":80\r\n\r\n";

        Answer answer = scene.ask(first + get("/api/2"));

        assertThat(answer.text()).containsPattern("(?s)hello.*HTTP/1.1 200.*hello");
        assertThat(scene.server.received())
                .extracting(TokenServer.Received::line)
                .containsExactly("GET /api/1 HTTP/1.1", "GET /api/2 HTTP/1.1");
    }

    @Test
    void aHeadHasNoBody() throws Exception {
        scene.server.answers(TokenServer.raw("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"));

        Answer answer = scene.ask(request("HEAD", "/api/x"));

        assertThat(answer.head()).containsIgnoringCase("content-length: 5000");
        assertThat(answer.body()).isEmpty();
        assertThat(received().line()).startsWith("HEAD ");
    }

    @Test
    void bodiesArePassedOnWithTheirLengthOrInChunks() throws Exception {
        scene.ask(request("POST", "/api/x", "Content-Length: 3", "Content-Type: a/b") + "abc");
        var whole = received();
        scene.ask(
                request("POST", "/api/x", "Transfer-Encoding: chunked")
                        + "1\r\na\r\n2;x=y\r\nbc\r\n0\r\n\r\n");
        var chunked = received();
        scene.ask(request("POST", "/api/x"));
        var none = received();

        assertThat(whole.body()).isEqualTo("abc");
        assertThat(whole.values("Content-Length")).containsExactly("3");
        assertThat(whole.values("Content-Type")).containsExactly("a/b");
        assertThat(chunked.body()).isEqualTo("abc");
        assertThat(chunked.values("Content-Length")).isEmpty();
        assertThat(none.values("Content-Length")).containsExactly("0");
    }

    @Test
    void aClientThatWaitsBeforeItSendsItsBodyIsToldToGoOn() throws Exception {
        Answer answer =
                scene.ask(
                        request("POST", "/api/x", "Content-Length: 3", "Expect: 100-continue")
                                + "abc");

        assertThat(answer.text()).contains("HTTP/1.1 200");
        assertThat(received().values("Expect")).isEmpty();
        refuses(request("POST", "/api/x", "Content-Length: 0", "Expect: miracles"));
    }

    @Test
    void theRealNameOfTheServerIsTakenToo() throws Exception {
        for (String host : List.of(HOST, HOST.toUpperCase(Locale.ROOT), LOCAL + ":80", LOCAL)) {
            String raw = "GET /api/x HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\n\r\n";
            assertThat(scene.ask(raw).status()).as(host).isEqualTo(200);
        }
    }

    @Test
    void headersOfOneConnectionAreNotPassedOn() throws Exception {
        scene.ask(
                get(
                        "/api/x",
                        "Connection: X-Mine",
                        "X-Mine: 1",
                        "Keep-Alive: 5",
                        "TE: gzip",
                        "Trailer: X",
                        "Proxy-Authorization: x",
                        "Proxy-Connection: y",
                        "Via: z"));

        assertThat(received().head().toLowerCase(Locale.ROOT))
                .doesNotContain("x-mine", "keep-alive: 5", "\r\nte:", "trailer", "proxy-", "via");
    }

    @Test
    void theClientsOwnHeaderOfTheTokensNameIsReplaced() throws Exception {
        for (String own :
                List.of(
                        "Authorization: Basic eDp5",
                        "AUTHORIZATION: x",
                        "Authorization: x\r\nAuthorization: y")) {
            assertThat(scene.ask(get("/api/x", own)).status()).isEqualTo(200);
            assertThat(received().values("Authorization")).containsExactly("Bearer " + TOKEN);
        }
        scene.ask(get("/api/x", "Authorization_: x", "X_Original_Url: /admin"));
        assertThat(received().head()).doesNotContain("Authorization_", "X_Original");
        // the server would drop a header that Connection names
        scene.ask(
                "GET /api/x HTTP/1.1\r\nHost: %s\r\nConnection: close, Authorization\r\n\r\n"
                        .formatted(LOCAL));
        assertThat(received().values("Connection").toString().toLowerCase(Locale.ROOT))
                .doesNotContain("authorization");
    }

    @Test
    void headersThatNameAnotherMethodOrAddressAreNotPassedOn() throws Exception {
        scene.ask(
                get(
                        "/api/x",
                        "X-HTTP-Method-Override: DELETE",
                        "X-HTTP-Method: DELETE",
                        "X-Method-Override: DELETE",
                        "X-Original-URL: /admin",
                        "X-Rewrite-URL: /admin",
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-Prefix: /admin",
                        "Forwarded: host=evil.example",
                        "Cookie: session=1"));

        assertThat(received().head().toLowerCase(Locale.ROOT))
                .doesNotContain("delete", "admin", "evil", "cookie");
    }

    @Test
    void aTokenCantBeAskedForInPieces() throws Exception {
        scene.ask(get("/api/x", "Range: bytes=0-3", "If-Range: \"x\""));

        assertThat(received().head().toLowerCase(Locale.ROOT)).doesNotContain("range");
    }

    @Test
    void otherMethodsThanThoseListedAreRefused() throws Exception {
        for (String method :
                List.of(
                        "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "get", "Get", "GETT",
                        "PRI")) {
            refuses(request(method, "/api/x"));
        }
        refuses(
                "CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n\r\n".formatted(HOST, HOST),
                "CONNECT /api/x HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(LOCAL),
                request("OPTIONS", "*"),
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @Test
    void upgradesAreRefused() throws Exception {
        String head = "GET /api/x HTTP/1.1\r\nHost: " + LOCAL + "\r\n";
        refuses(
                head + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                head
                        + "Connection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABk\r\n\r\n",
                head + "Upgrade: h2c\r\n\r\n",
                head + "Connection: close, UPGRADE\r\n\r\n",
                head + "HTTP2-Settings: AAMAAABk\r\n\r\n");
    }

    @Test
    void whatIsAskedOfAnotherServerIsRefused() throws Exception {
        String line = "GET /api/x HTTP/1.1\r\n";
        refuses(
                line + "Host: evil.example\r\n\r\n",
                line + "Host: evil." + LOCAL + "\r\n\r\n",
                line + "Host: " + LOCAL + ":81\r\n\r\n",
                line + "Host: " + LOCAL + ".\r\n\r\n",
                line + "Host: " + LOCAL + "@evil.example\r\n\r\n",
                line + "Host: " + LOCAL + "/x\r\n\r\n",
                line + "Host: 127.0.0.1\r\n\r\n",
                line + "Host:\r\n\r\n",
                line + "\r\n",
                line + "Host: %s\r\nHost: evil.example\r\n\r\n".formatted(LOCAL),
                line + "Host: %s\r\nHost: %s\r\n\r\n".formatted(LOCAL, LOCAL),
                get("http://evil.example/api/x"),
                get("http://" + LOCAL + "/api/x"),
                get("https://" + HOST + "/api/x"),
                get("//evil.example/api/x"),
                get("ftp:/api/x"));
    }

    @Test
    void whatServersReadInDifferentWaysIsRefused() throws Exception {
        String post = "POST /api/x HTTP/1.1\r\nHost: " + LOCAL + "\r\n";
        String smuggled = "GET /admin HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
        String chunked = "Transfer-Encoding: chunked\r\n";
        refuses(
                post + "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n" + smuggled,
                post + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n" + smuggled,
                post + "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
                post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                post + "Content-Length: 3, 3\r\n\r\nabc",
                post + "Content-Length: +3\r\n\r\nabc",
                post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: 0x3\r\n\r\nabc",
                post + "Content-Length: 99999999999999999999\r\n\r\n",
                post + "Content-Length : 3\r\n\r\nabc",
                post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                post + chunked + chunked + "\r\n0\r\n\r\n",
                post + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                post + "X: y\r\n Content-Length: 3\r\n\r\nabc",
                post + "X: y\r\n\tfolded\r\n\r\n",
                post + "X: y\nContent-Length: 3\r\n\r\nabc",
                post + "No colon here\r\n\r\n",
                post + "X\u0000: y\r\n\r\n",
                post + "X: a\u0000b\r\n\r\n",
                post + "X: a\rb\r\n\r\n",
                post + "X: \u00fc\r\n\r\n",
                post + ": y\r\n\r\n");
    }

    @Test
    void firstLinesThatServersReadInDifferentWaysAreRefused() throws Exception {
        refuses(
                "GET /api/x HTTP/1.1\nHost: " + LOCAL + "\n\n",
                "GET /api/x\r\n",
                "GET /api/x HTTP/0.9\r\nHost: " + LOCAL + "\r\n\r\n",
                "GET /api/x HTTP/1.0\r\nHost: " + LOCAL + "\r\n\r\n",
                "GET /api/x HTTP/2.0\r\nHost: " + LOCAL + "\r\n\r\n",
                "GET /api/x HTTP/1.1 \r\nHost: " + LOCAL + "\r\n\r\n",
                "GET\t/api/x\tHTTP/1.1\r\nHost: " + LOCAL + "\r\n\r\n",
                "GET /api/x y HTTP/1.1\r\nHost: " + LOCAL + "\r\n\r\n",
                get("/api/x", "Content-Length: 3") + "abc",
                get("/api/x", "Transfer-Encoding: chunked") + "0\r\n\r\n");
    }

    @Test
    void anAddressThatIsNotBelowThePrefixIsRefused() throws Exception {
        for (String target :
                List.of(
                        "/admin",
                        "/api",
                        "/apix",
                        "/api/../admin",
                        "/api/%2e%2e/admin",
                        "/api/..%2fadmin",
                        "/api/%252e%252e/admin",
                        "/api//admin",
                        "/api/..;/admin",
                        "/api/\\..\\admin",
                        "/api/x%00",
                        "/api/\u00fc",
                        "/%61pi/x",
                        "/api/x#y")) {
            refuses(get(target));
        }
    }

    @Test
    void aHeadOfMoreThan32KiBIsRefused() throws Exception {
        refuses(
                get("/api/x", "X: " + "x".repeat(33_000)),
                get("/api/" + "x".repeat(40_000)),
                get("/api/x", ("X: " + "y".repeat(1_000) + "\r\n").repeat(40) + "Z: z"));
    }

    @Test
    void aBodyThatBreaksInItsMiddleIsNoRequest() throws Exception {
        Answer answer = scene.askAndEnd(request("POST", "/api/x", "Content-Length: 10") + "abc");

        assertThat(answer.status()).isNotEqualTo(200);
        assertThat(scene.server.received()).allMatch(request -> request.body().length() < 10);
    }
}
