package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookRouteTest {
    private static final String HOOK = "/hooks/codeberg/harbour/ship";

    private final Site site = new Site();

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void theBodyIsHandedOnByteByByteWithItsHeaders() {
        byte[] body = random(10_000);
        var answer =
                post(
                        HOOK,
                        BodyPublishers.ofByteArray(body),
                        "X-Gitea-Event",
                        "push",
                        "X-Two",
                        "a",
                        "X-Two",
                        "b");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{}");
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("https://ci.example/requests/x");
        var request = site.hooks.requests().getFirst();
        assertThat(request.body()).isEqualTo(body);
        assertThat(request.forge()).isEqualTo("codeberg");
        assertThat(request.repository()).isEqualTo("harbour/ship");
        assertThat(request.headers())
                .containsEntry("x-gitea-event", List.of("push"))
                .containsEntry("x-two", List.of("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 8_191, 8_192, 8_193, 65_535, 65_536, 65_537, 131_072, 299_999, 300_000})
    void bodiesOfEachLengthArriveWholeWithAndWithoutDeclaredLength(int length) {
        byte[] body = random(length);
        assertThat(post(HOOK, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
        assertThat(post(HOOK, chunked(body)).statusCode()).isEqualTo(202);
        assertThat(site.hooks.requests())
                .extracting(HookHandler.Request::body)
                .containsExactly(body, body);
    }

    @Test
    void aLongBodyIsRefusedBeforeItIsRead() {
        String answer =
                Raw.exchange(
                        site.port(),
                        "POST " + HOOK + " HTTP/1.1\r\nHost: x\r\nContent-Length: 300001\r\n\r\n");
        assertThat(Raw.status(answer)).isEqualTo(413);
        assertThat(answer).containsIgnoringCase("connection: close").contains("Content Too Large");
    }

    @Test
    void aLongBodyOfUnknownLengthIsRefusedWhileItIsRead() {
        var answer = post(HOOK, chunked(random(300_001)));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(site.hooks.requests()).isEmpty();
    }

    @Test
    void aBodyThatDripsIsGivenUp() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), site.port())) {
            var out = socket.getOutputStream();
            out.write(ascii(head(100)));
            var in = socket.getInputStream();
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                if (in.available() == 0) {
                                    out.write('x');
                                }
                                return in.available() > 0;
                            });
            assertThat(status(socket)).isEqualTo("408");
        }
    }

    @Test
    void bodiesThatWaitHoldNoMoreThanTheBudgetAndGiveItBack() throws Exception {
        try (var impatient = new Site(Site.impatient())) {
            var waiting = new ArrayList<Socket>();
            for (int i = 0; i < 8; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port());
                waiting.add(socket);
                socket.getOutputStream().write(ascii(head(300_000)));
                socket.getOutputStream().write(new byte[150_000]);
            }
            // eight of up to 300 kB don't fit into 1 MiB; the rest of them never comes
            for (var socket : waiting) {
                assertThat(status(socket)).isIn("408", "503");
                socket.close();
            }
            var answer =
                    impatient.send(
                            impatient
                                    .request(HOOK)
                                    .POST(BodyPublishers.ofByteArray(random(300_000)))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(202);
        }
    }

    @Test
    void aFaultTellsNothing() {
        var answer = post(HOOK, BodyPublishers.ofString("fail"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.body())
                .contains("\"status\":500")
                .doesNotContain("secret", "Exception", "airlock.", "at ");
    }

    @Test
    void otherMethodsAreToldWhichToUse() {
        var answer = site.get(HOOK);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("POST");
    }

    private HttpResponse<String> post(String path, BodyPublisher body, String... headers) {
        return site.send(site.request(path, headers).POST(body).build(), BodyHandlers.ofString());
    }

    private static String head(int length) {
        return "POST " + HOOK + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static String status(Socket socket) throws IOException {
        byte[] answer = new byte[12];
        assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
        return new String(answer, 9, 3, StandardCharsets.US_ASCII);
    }

    private static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
