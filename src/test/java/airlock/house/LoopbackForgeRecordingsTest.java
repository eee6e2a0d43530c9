package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The loopback forge answers as the recorded Gitea did.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoopbackForgeRecordingsTest {
    private static final Path RECORDINGS =
            House.ROOT.resolve("src/test/resources/recordings/gitea/api");

    /// A repository that only that recording has, and tokens with scopes.
    private static final Set<String> NOT_IMITATED = Set.of("075", "128");

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private ForgeFixture fixture;

    @BeforeAll
    void start(@TempDir Path temp) {
        fixture = new ForgeFixture(temp);
    }

    @AfterAll
    void stop() {
        fixture.close();
    }

    static Stream<String> recordings() throws IOException {
        try (var files = Files.list(RECORDINGS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !NOT_IMITATED.contains(name.substring(0, 3)))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void itAnswersAsTheRecordedGiteaDid(String recording) throws Exception {
        JsonNode recorded = JSON.readTree(Files.readString(RECORDINGS.resolve(recording)));
        JsonNode asked = recorded.path("request");
        JsonNode expected = recorded.path("response");
        var answer = replay(asked, recording.contains("bearer"));

        assertThat(answer.statusCode()).isEqualTo(expected.path("status").asInt());
        JsonNode location = expected.path("headers").path("Location").path(0);
        assertThat(answer.headers().firstValue("Location").orElse(""))
                .isEqualTo(here(location.asString("")));
        JsonNode body = expected.path("body");
        if (body.isObject()) {
            JsonNode ours = JSON.readTree(answer.body());
            if (answer.statusCode() < 300) {
                // it leaves much out, but names nothing that Gitea does not
                assertThat(Set.copyOf(body.propertyNames())).containsAll(ours.propertyNames());
                assertThat(ours.path("status")).isEqualTo(body.path("status"));
                assertThat(ours.path("full_name")).isEqualTo(body.path("full_name"));
            } else if (answer.statusCode() != 422) {
                assertThat(ours.path("message")).isEqualTo(body.path("message"));
            }
        }
    }

    /// Sends a recorded request with this forge's commit in the place of the recorded ones.
    private HttpResponse<String> replay(JsonNode asked, boolean bearer) throws Exception {
        String path = asked.path("path").asString();
        var request = HttpRequest.newBuilder(fixture.forge.url().resolve(here(path)));
        asked.path("headers").properties().stream()
                .filter(header -> header.getKey().equals("Content-Type"))
                .forEach(header -> request.header(header.getKey(), header.getValue().asString()));
        String who = asked.path("as").asString();
        if (who.equals("a wrong token")) {
            request.header("Authorization", "token wrong");
        } else if (who.equals("token of bob") || who.equals("token of mallory")) {
            request.header("Authorization", "token reader");
        } else if (who.startsWith("token of")) {
            request.header("Authorization", "token " + LoopbackForge.TOKEN);
        } else if (bearer) {
            request.header("Authorization", "Bearer " + LoopbackForge.TOKEN);
        }
        if (asked.path("method").asString().equals("POST")) {
            JsonNode body = asked.path("body");
            // bodies that were no JSON on their way were recorded by their size alone
            String unrecorded = bearer ? "{\"state\":\"success\"}" : "not JSON";
            request.POST(
                    HttpRequest.BodyPublishers.ofString(
                            body.isObject() ? body.toString() : unrecorded));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Ids that the recorded repository had become ours; those it did not know stay.
    private String here(String path) {
        return path.replaceAll("(?!0{40}|1{40}|a{40})\\b[0-9a-f]{40}\\b", fixture.commit);
    }
}
