package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// A body that is signed right and lies: the forge was broken into, or the secret is known.
final class LyingBodyTest {
    @TempDir Path directory;

    @Test
    void t8WhatIsFetchedAndToldGoesToTheConfiguredForgeWhateverABodySays() throws Exception {
        var asked = new AtomicInteger();
        var other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        other.start();
        String url = "http://127.0.0.1:" + other.getAddress().getPort();
        try (var forge = LoopbackForge.start(0)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            try (var bot = Bot.start(directory, forge, new FakeVmHost())) {
                var checkout = Checkout.in(directory, forge);
                String plan = "plan: [{action: shell, shell: echo hello}]\n";
                String commit = checkout.commit(".airlock.yaml", plan);
                checkout.push("main"); // without a webhook
                assertThat(new SignedPush(bot).send(body -> lie(body, url).put("after", commit)))
                        .isEqualTo(202);
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(
                                () ->
                                        assertThat(forge.states(commit, "airlock"))
                                                .endsWith("success"));
                assertThat(new SignedPush(bot).send(LyingBodyTest::ofAnotherRepository))
                        .isEqualTo(409);
            }
        } finally {
            other.stop(0);
        }
        assertThat(asked).hasValue(0);
    }

    private static ObjectNode lie(ObjectNode body, String url) {
        var repository = (ObjectNode) body.path("repository");
        for (String key : new String[] {"url", "html_url", "clone_url", "ssh_url", "link"}) {
            repository.put(key, url + "/alice/hello.git");
        }
        for (String key : new String[] {"statuses_url", "commits_url", "git_url", "hooks_url"}) {
            repository.put(key, url + "/api");
        }
        return body.put("ref", "refs/heads/main")
                .put("before", "0".repeat(40))
                .put("compare_url", url);
    }

    private static void ofAnotherRepository(ObjectNode body) {
        ((ObjectNode) body.path("repository")).put("id", 8);
    }
}
