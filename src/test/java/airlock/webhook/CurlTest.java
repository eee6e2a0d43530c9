package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Headers;
import airlock.webhook.WebhookIntake.HookRequest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs the commands of webhook-samples/README.md against an intake on loopback.
class CurlTest {
    private static final String SECRET = "a secret of the shell's";

    private HttpServer server;
    private final IntakeOfRecordings at =
            IntakeOfRecordings.with(
                    "gitea/alice/widget", ForgeKind.GITEA, Optional.of("7"), new Secret(SECRET));

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hooks/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theCommandsOfTheReadmeDeliverASample() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/bin/curl")) && Files.exists(Path.of("/usr/bin/openssl")),
                "curl or openssl is missing: the shell commands of the README are not tried");
        String readme = Files.readString(Path.of("webhook-samples/README.md"));
        String commands =
                Arrays.stream(readme.split("```sh\n", -1))
                        .skip(1)
                        .map(block -> block.split("```", -1)[0])
                        .filter(block -> block.contains("curl "))
                        .findFirst()
                        .orElseThrow();

        assertThat(run(commands)).isEqualTo("202");
        assertThat(run(commands)).as("the same again").isEqualTo("200");
        assertThat(run(commands.replace("$SECRET", "wrong"))).isEqualTo("401");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/hooks/".length());
        var request =
                new HookRequest(
                        exchange.getRequestMethod(),
                        path,
                        Headers.of(exchange.getRequestHeaders()));
        HookAnswer answer = at.intake.receive(request, exchange.getRequestBody());
        byte[] text =
                Integer.toString(answer.status()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private String run(String commands) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("bash", "-euc", commands);
        shell.environment().put("SECRET", SECRET);
        shell.environment()
                .put(
                        "URL",
                        "http://127.0.0.1:"
                                + server.getAddress().getPort()
                                + "/hooks/gitea/alice/widget");
        shell.redirectErrorStream(true);
        Process process = shell.start();
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.strip();
    }
}
