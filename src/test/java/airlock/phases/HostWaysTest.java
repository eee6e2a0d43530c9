package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.HostName;
import airlock.config.PhaseNetwork;
import airlock.config.ProxyToken;
import airlock.config.UpstreamProxy;
import airlock.egress.Gatekeeper.Decision;
import airlock.event.Secret;
import airlock.sandbox.Sandbox;
import airlock.token.TokenOrder;
import airlock.token.TokenOrder.TokenLimits;
import airlock.token.TokenProxy;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.TestGuest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ways to tokens' servers if the configuration names a proxy.
class HostWaysTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final HostName HOST = new HostName("server.invalid");
    private static final String REQUEST =
            "GET /x HTTP/1.1\r\nHost: forge.token.internal\r\nConnection: close\r\n\r\n";

    @TempDir private Path directory;
    private ServerSocket proxy;

    @BeforeEach
    void listen() throws IOException {
        proxy = new ServerSocket(0, 50, HERE);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    private HostWays ways(boolean resolves) {
        var upstream =
                new UpstreamProxy(
                        URI.create("http://127.0.0.1:" + proxy.getLocalPort()),
                        "me",
                        Optional.of(new Secret("t-123")),
                        resolves);
        return new HostWays(Set.of(), Optional.of(upstream), Sandbox.NONE, directory.resolve("t"));
    }

    private static TokenOrder order(int port, InetAddress... addresses) {
        return new TokenOrder(
                "forge",
                new TokenOrder.Origin(HOST, port, List.of(addresses), Optional.empty(), ""),
                "/",
                new TokenOrder.Credential("Authorization", new Secret("Bearer 0123456789")),
                TokenOrder.READING,
                TokenLimits.STANDARD);
    }

    private static TokenProxy start(HostWays ways, TokenOrder order) throws IOException {
        return ways.start(order, _ -> {}, _ -> {});
    }

    /// The first line that a server hears when the token is used.
    private static String heardBy(ServerSocket server, TokenProxy token) throws Exception {
        try (var guest =
                TestGuest.greeted(offer -> token.serve(offer.accept(), _ -> Optional.empty()))) {
            guest.say(
                    new Open(1, Kind.HTTP_TOKEN, "forge"),
                    new Data(1, REQUEST.getBytes(StandardCharsets.US_ASCII)));
            try (var client = server.accept();
                    var lines =
                            new BufferedReader(
                                    new InputStreamReader(
                                            client.getInputStream(),
                                            StandardCharsets.ISO_8859_1))) {
                return String.valueOf(lines.readLine());
            }
        }
    }

    @Test
    void aPublicAddressIsAskedOfTheProxy() throws Exception {
        try (var token = start(ways(false), order(443, InetAddress.ofLiteral("1.2.3.4")))) {
            proxy.accept().close(); // the check whether it answers
            assertThat(heardBy(proxy, token)).isEqualTo("CONNECT 1.2.3.4:443 HTTP/1.1");
            assertThat(token.address()).isEqualTo(HERE);
        }
    }

    @Test
    void whereTheProxyResolvesANameNobodyLooksItUpHere() throws Exception {
        var wanted =
                new ProxyToken(
                        "forge",
                        new ProxyToken.Target(HOST, 443),
                        "/",
                        "Authorization",
                        ProxyToken.HERE,
                        TokenOrder.READING,
                        Optional.empty(),
                        Set.of(),
                        false);
        assertThat(ways(true).check(PhaseNetwork.NOTHING, wanted))
                .isEqualTo(new Decision.Let(List.of(), false));
        assertThat(ways(false).check(PhaseNetwork.NOTHING, wanted))
                .as("a reserved name (RFC 6761)")
                .isInstanceOf(Decision.Refuse.class);

        try (var token = start(ways(true), order(443))) {
            proxy.accept().close();
            assertThat(heardBy(proxy, token)).isEqualTo("CONNECT server.invalid:443 HTTP/1.1");
        }
    }

    @Test
    void anAddressThatIsNotPublicIsConnectedToWithoutTheProxy() throws Exception {
        try (var lan = new ServerSocket(0, 5, HERE);
                var token = start(ways(false), order(lan.getLocalPort(), HERE))) {
            assertThat(heardBy(lan, token)).as("TLS").startsWith("\u0016\u0003");
            assertThat(token.address()).isEqualTo(HERE);
        }
    }

    @Test
    void aProxyThatIsGoneIsToldBeforeAnythingStarts() throws Exception {
        var ways = ways(false);
        proxy.close();
        assertThatThrownBy(() -> start(ways, order(443, InetAddress.ofLiteral("1.2.3.4"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the upstream proxy 127.0.0.1:")
                .hasMessageContaining("can't be reached");
        assertThat(directory.resolve("t")).doesNotExist();
    }
}
