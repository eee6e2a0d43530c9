package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.forge.StatusPoster.LatestAnswer;
import airlock.forge.StatusPoster.PostAnswer;
import airlock.forge.StatusPoster.StatusUpdate;
import airlock.house.PromptSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A forge on loopback that gives scripted answers.
final class MockForge implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final ForgeRepository WIDGET =
            new ForgeRepository(new RepositoryId("gitea", "2"), "alice/widget");
    private static final Path API = Path.of("src/test/resources/recordings/gitea/api");
    private static final JsonMapper JSON = new JsonMapper();

    private final ForgeKind kind;
    private final MockWebServer server = new MockWebServer();
    private final HttpStatuses statuses;

    MockForge(ForgeKind kind) {
        this.kind = kind;
        try {
            server.setServerSocketFactory(new PromptSockets());
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.statuses = statuses(Duration.ofSeconds(10));
    }

    HttpStatuses statuses() {
        return statuses;
    }

    PostAnswer post(StatusUpdate update) {
        return statuses.post(WIDGET, update);
    }

    /// Posts `update` and expects an answer of this kind.
    <T extends PostAnswer> T post(StatusUpdate update, Class<T> kind) {
        var answer = post(update);
        assertThat(answer).isInstanceOf(kind);
        return kind.cast(answer);
    }

    LatestAnswer latest(CommitId commit, String context) {
        return statuses.latest(WIDGET, commit, context);
    }

    HttpChanges changes() {
        return new HttpChanges(config(), InstantSource.fixed(NOW));
    }

    HttpMergeQueue queue() {
        return new HttpMergeQueue(config());
    }

    AnonymousLook look() {
        return look(Duration.ofSeconds(10));
    }

    AnonymousLook look(Duration limit) {
        return new HttpAnonymousLook(config(), InstantSource.fixed(NOW), limit);
    }

    HttpStatuses statuses(Duration limit) {
        return new HttpStatuses(config(), InstantSource.fixed(NOW), limit);
    }

    private ForgeConfig config() {
        String base = kind == ForgeKind.GITHUB ? "/" : "/api/v1/";
        String url = server.url(base).toString();
        var api = URI.create(url.substring(0, url.length() - 1));
        return new ForgeConfig(
                kind.key(), kind, api.resolve("/"), Optional.of(api), new Secret("a-secret-token"));
    }

    MockForge answers(int status, String body, String... headers) {
        var answer = new MockResponse.Builder().code(status).body(body);
        for (String header : headers) {
            answer.addHeader(header);
        }
        server.enqueue(answer.build());
        return this;
    }

    MockForge answersLater(Duration delay) {
        server.enqueue(
                new MockResponse.Builder()
                        .code(201)
                        .headersDelay(delay.toMillis(), TimeUnit.MILLISECONDS)
                        .build());
        return this;
    }

    MockForge dropsTheConnection() {
        server.enqueue(
                new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
        return this;
    }

    /// Gives the recorded answer with this number.
    MockForge answersAsRecorded(int number) {
        JsonNode answer = recorded(number).path("response");
        var response = new MockResponse.Builder().code(answer.path("status").intValue());
        answer.path("headers")
                .properties()
                .forEach(
                        header -> {
                            String name = header.getKey().toLowerCase(Locale.ROOT);
                            if (!name.equals("content-length")
                                    && !name.equals("transfer-encoding")) {
                                header.getValue()
                                        .forEach(v -> response.addHeader(name, v.stringValue()));
                            }
                        });
        JsonNode body = answer.path("body");
        if (!body.isNull()) {
            response.body(body.toString());
        }
        server.enqueue(response.build());
        return this;
    }

    static JsonNode recorded(int number) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(API, "%03d-*.json".formatted(number))) {
            return JSON.readTree(Files.readAllBytes(files.iterator().next()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RecordedRequest request() throws InterruptedException {
        return server.takeRequest();
    }

    int requests() {
        return server.getRequestCount();
    }

    @Override
    public void close() {
        server.close();
    }
}
