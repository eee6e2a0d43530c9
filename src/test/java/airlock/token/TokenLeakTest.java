package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\r\nX-Echo: a%s\r\nContent-Length: 2\r\n\r\nok",
                "200 OK\r\nSet-Cookie: t=%s\r\nContent-Length: 2\r\n\r\nok", // not passed on
                "302 Found\r\nLocation: https://evil.example/?t=%s\r\n\r\n"
            })
    void aHeaderWithTheTokenEndsThePhase(String answer) throws Exception {
        leaks(get("/api/x"), "", "HTTP/1.1 " + answer.formatted(TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "403 Forbidden"})
    void aBodyWithTheTokenEndsThePhaseBeforeItIsThrough(String status) throws Exception {
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: 500\r\n\r\n";
        leaks(get("/api/x"), "it is ", head + "it is " + TOKEN + "x".repeat(400));
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

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aTokenInBase64IsFoundToo() throws Exception {
        String body = "it is " + base64("u:" + TOKEN);
        leaks(get("/api/x"), body, CHUNKED + chunk(body) + "0\r\n\r\n");
    }

    @Test
    void ofABasicCredentialThePasswordIsFoundToo() throws Exception {
        leaks(
                new Credential("Authorization", new Secret("Basic " + base64("robot:pass-word-1"))),
                get("/api/x"),
                "password: ",
                CHUNKED + chunk("password: pass-word-1") + "0\r\n\r\n");
    }
}
