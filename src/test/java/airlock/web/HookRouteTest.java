package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookRouteTest {
    private static final String HOOK = "/hooks/codeberg/harbour/ship";

    @RegisterExtension private final Site site = new Site();

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
        assertThat(answer.body())
                .contains("\"outcome\":\"requested\"")
                .contains("\"request\":\"https://ci.example/requests/x\"");
        assertThat(Site.header(answer, "Location")).isEqualTo("https://ci.example/requests/x");
        var request = site.hooks.taken().getFirst().request();
        assertThat(site.hooks.taken().getFirst().body()).isEqualTo(body);
        assertThat(request.path()).isEqualTo("codeberg/harbour/ship");
        assertThat(request.headers().only("X-Gitea-Event")).isEqualTo("push");
        assertThat(request.headers().has("X-Two")).isTrue();
        assertThat(request.headers().only("X-Two")).as("two values").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_191, 8_192, 8_193, 65_535, 65_536, 65_537, 131_072, 300_000})
    void bodiesOfEachLengthArriveWholeWithAndWithoutDeclaredLength(int length) {
        byte[] body = random(length);
        assertThat(post(HOOK, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
        assertThat(post(HOOK, chunked(body)).statusCode()).isEqualTo(202);
        assertThat(site.hooks.taken())
                .extracting(RecordingHooks.Taken::body)
                .containsExactly(body, body);
    }

    @Test
    void whatIsRefusedUnreadIsToldWhileTheBodyStillComes() {
        String answer =
                Raw.exchange(
                        site.port(),
                        "POST /hooks/codeberg/refused HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n");
        assertThat(Raw.status(answer)).isEqualTo(413);
        assertThat(answer).containsIgnoringCase("connection: close").contains("\"detail\":\"no\"");
    }

    @Test
    void aSilentClientIsGivenUp() {
        var soon = Duration.ofMillis(500);
        try (var impatient = new Site(Site.settings(soon, soon))) {
            String answer =
                    Raw.exchange(
                            impatient.port(),
                            "POST "
                                    + HOOK
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
            assertThat(Raw.status(answer)).isBetween(400, 500);
            assertThat(impatient.hooks.taken()).isEmpty();
        }
    }

    @Test
    void aFaultTellsNothing() {
        var answer = post(HOOK, BodyPublishers.ofString("fail"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(Site.header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body())
                .contains("\"status\":500")
                .doesNotContain("secret", "Exception", "airlock.", "at ");
    }

    @Test
    void otherMethodsAreToldWhichToUse() {
        var answer = site.get(HOOK);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(Site.header(answer, "Allow")).contains("POST");
    }

    private HttpResponse<String> post(String path, BodyPublisher body, String... headers) {
        return site.send(site.request(path, headers).POST(body).build(), BodyHandlers.ofString());
    }

    private static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
