package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The double answers as GitHub's documentation says, fails as told, serves git, sends webhooks.
class LoopbackForgeTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    @AutoClose private ForgeFixture fixture;
    private LoopbackForge forge;
    private String commit;

    @BeforeEach
    void start(@TempDir Path temp) {
        fixture = new ForgeFixture(temp);
        forge = fixture.forge;
        commit = fixture.commit;
    }

    @Test
    void asGithubItRefusesLongDescriptionsUnknownCommitsAndOtherStates() throws Exception {
        String path = "/api/v3/repos/alice/widget/statuses/";
        assertThat(
                        post(path + commit, "{\"state\":\"success\",\"context\":\"airlock\"}")
                                .statusCode())
                .isEqualTo(201);
        assertThat(post(path + commit, "{\"state\":\"running\"}").statusCode()).isEqualTo(422);
        assertThat(post(path + "1".repeat(40), "{\"state\":\"success\"}").body())
                .contains("No commit found for SHA");
        String tooLong = "{\"state\":\"success\",\"description\":\"" + "x".repeat(141) + "\"}";
        assertThat(post(path + commit, tooLong).statusCode()).isEqualTo(422);
        assertThat(
                        post("/api/v3/repos/alice/before/statuses/" + commit, "{}")
                                .headers()
                                .firstValue("Location"))
                .hasValue(forge.url() + "/api/v3/repositories/4/statuses/" + commit);
        assertThat(get("/api/v3/repos/alice/widget/commits/" + commit + "/status").body())
                .contains("\"state\":\"success\"");
        assertThat(get("/api/v3/repositories/2").body()).contains("\"full_name\":\"alice/widget\"");
    }

    @Test
    void faultsComeInLineAndOnlyForStatuses() throws Exception {
        String path = "/api/v1/repos/alice/widget/statuses/" + commit;
        String body = "{\"state\":\"pending\",\"context\":\"airlock\"}";
        forge.failNext(new ForgeFault.Answer(429, Map.of("Retry-After", "7")));
        forge.failNext(new ForgeFault.DropBefore());
        forge.failNext(new ForgeFault.DropAfter());
        forge.failNext(new ForgeFault.None());
        forge.failNext(new ForgeFault.Slow(Duration.ofMillis(50)));

        assertThat(get("/api/v1/repos/alice/widget").statusCode()).isEqualTo(200);
        var limited = post(path, body);
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).hasValue("7");
        assertThatThrownBy(() -> post(path, body)).isInstanceOf(IOException.class);
        assertThat(forge.statuses()).isEmpty();
        assertThatThrownBy(() -> post(path, body)).isInstanceOf(IOException.class);
        assertThat(forge.states(commit, "airlock")).containsExactly("pending");
        assertThat(post(path, body).statusCode()).isEqualTo(201);
        assertThat(post(path, body).statusCode()).isEqualTo(201);
        assertThat(forge.statuses()).hasSize(3);
    }

    @Test
    void aPushOverHttpIsServedAndAnnouncedWithASignature() throws Exception {
        var signatures = new CopyOnWriteArrayList<String>();
        var bodies = new CopyOnWriteArrayList<byte[]>();
        var receiver =
                receiver(
                        exchange -> {
                            signatures.add(
                                    exchange.getRequestHeaders().getFirst("X-Gitea-Signature"));
                            bodies.add(exchange.getRequestBody().readAllBytes());
                            exchange.sendResponseHeaders(202, -1);
                            exchange.close();
                        });
        var hook =
                URI.create(
                        "http://127.0.0.1:"
                                + receiver.getAddress().getPort()
                                + "/hooks/home/alice/widget");
        forge.hook(2, hook, "secret", false);
        fixture.git("commit", "-q", "--allow-empty", "-m", "Second");
        fixture.git("push", "-q", fixture.address("alice/widget"), "main", "main:refs/heads/other");
        fixture.git("push", "-q", fixture.address("alice/widget"), ":refs/heads/other");
        Awaitility.await().until(() -> forge.sentHooks().size() == 2);
        receiver.stop(0);

        assertThat(signatures)
                .containsExactlyElementsOf(
                        bodies.stream().map(b -> HookSender.hmac("secret", b)).toList());
        JsonNode body = JSON.readTree(bodies.getFirst());
        assertThat(body.path("ref").asString()).isEqualTo("refs/heads/main");
        assertThat(body.path("before").asString()).isEqualTo(commit);
        assertThat(body.path("repository").path("id").asLong()).isEqualTo(2);
        assertThat(forge.sentHooks()).extracting(HookSender.Sent::status).containsOnly(202);
    }

    private static HttpServer receiver(HttpHandler handler) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var receiver = HttpServer.create(address, 16);
        receiver.createContext("/", handler);
        receiver.start();
        return receiver;
    }

    @Test
    void aHiddenRepositoryIsFetchedWithATokenOnly() {
        fixture.git("push", "-q", fixture.address("alice/hidden"), "main");
        String anonymous = forge.url() + "/alice/hidden.git";
        assertThat(Programs.runs("git", "-c", "core.askPass=true", "ls-remote", anonymous))
                .isFalse();
        assertThat(Programs.run("git", "ls-remote", fixture.address("alice/hidden")))
                .contains(commit);
        assertThat(Programs.run("git", "ls-remote", forge.url() + "/alice/widget.git"))
                .contains(commit);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(forge.url().resolve(path))
                        .header("Authorization", "token " + LoopbackForge.TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(forge.url().resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
