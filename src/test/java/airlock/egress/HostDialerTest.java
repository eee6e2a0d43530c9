package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.AllowListFixture;
import airlock.config.HostName;
import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.config.UpstreamProxy;
import airlock.egress.ConnectServer.Dialer;
import airlock.egress.Gatekeeper.Decision;
import airlock.egress.Gatekeeper.Destination;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.HostDialer.ConnectAttempt;
import airlock.egress.WayOut.OtherStreams;
import airlock.event.Secret;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Reset;
import airlock.uplink.TestGuest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With a proxy on loopback that answers as the test says.
class HostDialerTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Destination PLACE = new Destination(new HostName("packages.example"), 443);
    private static final String GOOD = "HTTP/1.1 200 Connection established\r\n\r\n";

    private final ServerSocket server;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    HostDialerTest() throws IOException {
        server = new ServerSocket(0, 50, HERE);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /// Answers one connection after the other with the next of these texts, then echoes its bytes.
    private void answers(String... answers) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            for (String answer : answers) {
                                try (Socket client = server.accept()) {
                                    asked.add(head(client.getInputStream()));
                                    client.getOutputStream()
                                            .write(answer.getBytes(StandardCharsets.ISO_8859_1));
                                    client.getInputStream().transferTo(client.getOutputStream());
                                } catch (IOException _) {
                                    // the client hung up
                                }
                            }
                        });
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("no head");
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private HostDialer dialer(Duration patience) {
        return dialer(patience, "", Optional.empty());
    }

    private HostDialer dialer(Duration patience, String user, Optional<Secret> password) {
        var proxy = URI.create("http://proxy.lan:" + server.getLocalPort());
        var resolver = new TestResolver();
        resolver.put("proxy.lan", "127.0.0.1");
        return new HostDialer(
                Optional.of(new UpstreamProxy(proxy, user, password, false)), resolver, patience);
    }

    private Dialer.Dialled dial(Destination place, String... addresses) throws IOException {
        return dialer(Duration.ofSeconds(20)).dial(place, let(addresses), new ConnectAttempt());
    }

    private static Decision.Let let(String... addresses) {
        return new Decision.Let(
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList(), false);
    }

    private String nextAsked() throws InterruptedException {
        return Optional.ofNullable(asked.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    private String refusal(String answer) {
        answers(answer);
        var problem = new CompletableFuture<String>();
        assertThatThrownBy(() -> dial(PLACE, "1.2.3.4"))
                .isInstanceOf(IOException.class)
                .satisfies(e -> problem.complete(e.getMessage()));
        return problem.join();
    }

    @Test
    void theProxyIsAskedForTheAddressThatWasChecked() throws Exception {
        answers(GOOD + "hello");

        var dialled = dial(PLACE, "1.2.3.4");

        try (Socket socket = dialled.socket()) {
            assertThat(dialled.address()).isEqualTo(InetAddress.ofLiteral("1.2.3.4"));
            assertThat(nextAsked())
                    .isEqualTo("CONNECT 1.2.3.4:443 HTTP/1.1\r\nHost: 1.2.3.4:443\r\n\r\n");
            socket.getOutputStream().write('!');
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello!");
        }
    }

    @Test
    void aGuestReachesAListedHostThroughTheProxyAndTlsIsLookedAtAsEver() throws Exception {
        answers(GOOD, GOOD);
        var network =
                new PhaseNetwork(
                        PhaseNetwork.Mode.ENFORCE,
                        AllowListFixture.of("packages.example:443"),
                        NetworkCaps.STANDARD,
                        List.of());
        var resolver = new TestResolver();
        resolver.put("packages.example", "1.2.3.4");
        var own = new OwnPlaces(HERE::equals, Set.of());
        var connects =
                new ConnectServer(
                        new Gatekeeper(network, resolver, own, false),
                        dialer(Duration.ofSeconds(20)),
                        Duration.ofDays(1),
                        network.caps(),
                        OtherStreams.NONE,
                        _ -> {});
        byte[] hello = Hello.to("packages.example").bytes();
        try (var guest = TestGuest.greeted(connects::serve)) {
            guest.opens(new Open(1, Kind.CONNECT, PLACE.toString()), new Data(1, hello));
            assertThat(((Data) guest.hears()).bytes()).isEqualTo(hello);
            guest.say(new Reset(1));
            guest.say(
                    new Open(3, Kind.CONNECT, PLACE.toString()),
                    new Data(3, Hello.to("evil.example").bytes()));
            assertThat(guest.hears()).isEqualTo(new Opened(3));
            assertThat(guest.hears()).isEqualTo(new Reset(3));
        }
        assertThat(nextAsked()).startsWith("CONNECT 1.2.3.4:443 ");
    }

    @Test
    void theNextAddressIsTriedWhereOneIsNotReached() throws Exception {
        answers("HTTP/1.1 502 Bad Gateway\r\n\r\n", GOOD);

        var dialled = dial(PLACE, "2600::1", "1.2.3.4");

        assertThat(dialled.address()).isEqualTo(InetAddress.ofLiteral("1.2.3.4"));
        assertThat(nextAsked()).startsWith("CONNECT [2600:0:0:0:0:0:0:1]:443 HTTP/1.1\r\n");
        assertThat(nextAsked()).startsWith("CONNECT 1.2.3.4:443 HTTP/1.1\r\n");
        dialled.socket().close();
    }

    @Test
    void aNameIsAskedForOnlyWhereItIsLeftToTheProxy() throws Exception {
        answers(GOOD);

        var dialled = dial(PLACE);

        assertThat(dialled.address()).isEqualTo(HERE);
        assertThat(nextAsked()).startsWith("CONNECT packages.example:443 HTTP/1.1\r\n");
        dialled.socket().close();
    }

    @Test
    void itsUserIsToldToTheProxy() throws Exception {
        answers(GOOD);

        dialer(Duration.ofSeconds(20), "me", Optional.of(new Secret("t-123")))
                .dial(PLACE, let("1.2.3.4"), new ConnectAttempt())
                .socket()
                .close();

        assertThat(nextAsked()).contains("\r\nProxy-Authorization: Basic bWU6dC0xMjM=\r\n\r\n");
    }

    @Test
    void aPlaceWithAnAddressThatIsNotPublicIsConnectedToWithoutTheProxy() throws Exception {
        try (var lan = new ServerSocket(0, 1, HERE)) {
            var place = new Destination(new HostName("git.lan"), lan.getLocalPort());

            var dialled = dial(place, "127.0.0.1");

            assertThat(dialled.socket().getPort()).isEqualTo(lan.getLocalPort());
            dialled.socket().close();
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aProxyThatAnswersJunkIsRefusedAndItsWordsNeverShow() {
        assertThat(refusal("200 OK evil-words\r\n\r\n"))
                .isEqualTo("the upstream proxy did not answer in HTTP");
        assertThat(refusal("\u0000\u0001\u001b[2J\r\n\r\n"))
                .isEqualTo("the upstream proxy did not answer in HTTP");
    }

    @Test
    void aProxyThatSendsTheClientElsewhereOrWantsAPasswordIsRefused() {
        assertThat(refusal("HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n"))
                .isEqualTo("the upstream proxy answered 302");
        assertThat(refusal("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n"))
                .contains("407", "upstream_proxy");
    }

    @Test
    void aProxyThatNeverEndsItsAnswerIsRefused() {
        assertThat(refusal("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000)))
                .contains("without an end");
        answers("HTTP/1.1 200 OK\r\n");
        assertThatThrownBy(
                        () ->
                                dialer(Duration.ofMillis(300))
                                        .dial(PLACE, let("1.2.3.4"), new ConnectAttempt()))
                .hasMessageContaining("did not answer within");
    }

    @Test
    void aProxyThatSaysNothingIsLeftAsSoonAsTheClientGivesUp() throws Exception {
        var attempt = new ConnectAttempt();
        var dialling = new CompletableFuture<Throwable>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                dialer(Duration.ofDays(1)).dial(PLACE, let("1.2.3.4"), attempt);
                            } catch (IOException e) {
                                dialling.complete(e);
                            }
                        });
        try (Socket proxy = server.accept()) {
            head(proxy.getInputStream());

            attempt.giveUp();

            assertThat(proxy.getInputStream().read()).isEqualTo(-1);
            assertThat(dialling.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> dialer(Duration.ofDays(1)).dial(PLACE, let("1.2.3.4"), attempt))
                .hasMessage(ConnectAttempt.GIVEN_UP);
    }

    @Test
    void aProxyWhoseNameNobodyKnowsIsTold() {
        var proxy = new UpstreamProxy(URI.create("http://gone.lan:1"), "", Optional.empty(), false);
        var dialer = new HostDialer(Optional.of(proxy), new TestResolver(), Duration.ofSeconds(20));
        assertThatThrownBy(() -> dialer.dial(PLACE, let("1.2.3.4"), new ConnectAttempt()))
                .hasMessageContaining("gone.lan");
    }
}
