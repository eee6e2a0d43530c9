package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import airlock.sandbox.Sandbox;
import airlock.token.TokenOrder.Origin;
import airlock.token.TokenOrder.TokenLimits;
import airlock.token.TokenOrder.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A token whose server is reached through a proxy on loopback, with the token's real process.
class TokenUpstreamTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir private Path directory;
    private TlsKey key;
    private TokenServer server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        key = TlsKey.of(HOST, directory);
        server = new TokenServer(key);
        proxy = new TestProxy(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private TokenScene scene(Way way, TokenLimits limits, String... addresses) throws IOException {
        var order = TokenScene.order(443, key.pem(), limits, TokenScene.BEARER);
        var origin =
                new Origin(
                        order.origin().host(),
                        order.origin().port(),
                        Stream.of(addresses).map(InetAddress::ofLiteral).toList(),
                        Optional.of(way),
                        order.origin().authorities());
        var through =
                new TokenOrder(
                        order.name(),
                        origin,
                        order.pathPrefix(),
                        order.credential(),
                        order.methods(),
                        limits);
        return TokenScene.of(directory, server, through, Sandbox.NONE);
    }

    private TokenScene scene(String... addresses) throws IOException {
        return scene(new Way(HERE, proxy.port(), Optional.empty()), TokenScene.LIMITS, addresses);
    }

    @Test
    void theProxyIsAskedForTheCheckedAddressAndSeesNothingButTls() throws Exception {
        try (var scene = scene("1.2.3.4")) {
            assertThat(scene.ask(get("/api/x")).body()).isEqualTo("hello");
            assertThat(scene.ask(get("/api/y")).body()).isEqualTo("hello");
            assertThat(scene.proxy.address()).isEqualTo(HERE);
        }
        assertThat(proxy.all())
                .containsExactly("CONNECT 1.2.3.4:443 HTTP/1.1\r\nHost: 1.2.3.4:443\r\n\r\n");
        assertThat(server.received())
                .hasSize(2)
                .allSatisfy(
                        request -> {
                            assertThat(request.values("Authorization"))
                                    .containsExactly("Bearer " + TOKEN);
                            assertThat(request.values("Host")).containsExactly(HOST);
                        });
        assertThat(proxy.carried()).as("it names the server").contains(HOST);
        assertThat(proxy.carried()).doesNotContain(TOKEN, "/api/x");
    }

    @Test
    void theNextAddressIsAskedForWhereOneIsNotReached() throws Exception {
        proxy.answers("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        try (var scene = scene("2600::1", "1.2.3.4")) {
            assertThat(scene.ask(get("/api/x")).body()).isEqualTo("hello");
        }
        assertThat(proxy.all())
                .extracting(head -> head.lines().findFirst().orElseThrow())
                .containsExactlyInAnyOrder(
                        "CONNECT [2600:0:0:0:0:0:0:1]:443 HTTP/1.1",
                        "CONNECT 1.2.3.4:443 HTTP/1.1");
    }

    @Test
    void aNameIsAskedForWhereNoAddressWasCheckedAndItsUserIsTold() throws Exception {
        var way = new Way(HERE, proxy.port(), Optional.of(new Secret("Basic bWU6dC0xMjM=")));
        try (var scene = scene(way, TokenScene.LIMITS)) {
            assertThat(scene.ask(get("/api/x")).body()).isEqualTo("hello");
        }
        assertThat(proxy.all())
                .containsExactly(
                        String.join(
                                "\r\n",
                                "CONNECT server.lan:443 HTTP/1.1",
                                "Host: server.lan:443",
                                "Proxy-Authorization: Basic bWU6dC0xMjM=",
                                "",
                                ""));
        assertThat(server.received().getFirst().head()).doesNotContain("Proxy");
    }

    @Test
    void aProxyThatRefusesOrSendsElsewhereOrAnswersJunkIsToldWithNoneOfItsWords() throws Exception {
        try (var scene = scene("1.2.3.4")) {
            for (var each :
                    List.of(
                            List.of("HTTP/1.1 403 evil-words\r\n\r\n", "answered 403"),
                            List.of("HTTP/1.1 407 evil-words\r\n\r\n", "wants a user"),
                            List.of(
                                    "HTTP/1.1 302 Found\r\nLocation: http://evil-words/\r\n\r\n",
                                    "answered 302"),
                            List.of("evil-words\r\n\r\n", "did not answer in HTTP"),
                            List.of("\u0000\u0001\u001b[2J\r\n\r\n", "did not answer in HTTP"),
                            List.of(
                                    "HTTP/1.1 200 OK\r\n" + "X: evil-words\r\n".repeat(10_000),
                                    "without an end"))) {
                proxy.answers(each.getFirst());
                var answer = scene.ask(get("/api/x"));
                assertThat(answer.status()).as(each.getLast()).isEqualTo(502);
                assertThat(answer.body())
                        .startsWith("Airlock: server.lan can't be reached: the upstream proxy ")
                        .contains(each.getLast())
                        .doesNotContain("evil-words");
                assertThat(scene.heard.refusal())
                        .contains(each.getLast())
                        .doesNotContain("evil-words");
            }
            assertThat(scene.ask(get("/api/x")).body()).as("then it is good").isEqualTo("hello");
        }
        assertThat(proxy.carried()).doesNotContain(TOKEN);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void aProxyThatNeverEndsItsAnswerIsNotWaitedFor() throws Exception {
        var limits = new TokenLimits(Duration.ofSeconds(1), Duration.ofSeconds(20), 32);
        proxy.answers("", "HTTP/1.1 200 OK\r\n");
        var way = new Way(HERE, proxy.port(), Optional.empty());
        try (var scene = scene(way, limits, "1.2.3.4")) {
            for (int question = 0; question < 2; question++) {
                var answer = scene.ask(get("/api/x"));
                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.body()).contains("the upstream proxy did not answer within 1 s");
            }
        }
    }

    @Test
    void aProxyThatIsGoneIsTold() throws Exception {
        proxy.close();
        try (var scene = scene("1.2.3.4")) {
            var answer = scene.ask(get("/api/x"));
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("the upstream proxy can't be reached");
        }
    }

    @Test
    void aProxyThatLeadsToAnotherServerGetsNoToken() throws Exception {
        try (var other = new TokenServer(TlsKey.of("other.lan", directory));
                var liar = new TestProxy(other.port())) {
            var way = new Way(HERE, liar.port(), Optional.empty());
            try (var scene = scene(way, TokenScene.LIMITS, "1.2.3.4")) {
                assertThat(scene.ask(get("/api/x")).body()).contains("by TLS");
            }
            assertThat(other.received()).isEmpty();
            assertThat(liar.asked()).startsWith("CONNECT 1.2.3.4:443 ");
            assertThat(liar.carried()).doesNotContain(TOKEN);
        }
    }
}
