package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AllowList;
import airlock.config.AllowListFixture;
import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.WayOut.OtherStreams;
import airlock.uplink.Frame;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.End;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Refused;
import airlock.uplink.Frame.Reset;
import airlock.uplink.TestGuest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectServerTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int BACKLOG = 200;

    private final BlockingQueue<Connection> told = new LinkedBlockingQueue<>();
    private final TestResolver resolver = new TestResolver();
    private Duration hello = Duration.ofDays(1);
    private ServerSocket server;

    ConnectServerTest() throws IOException {
        server = new ServerSocket(0, BACKLOG, HERE);
    }

    @BeforeEach
    void anotherServer() throws IOException {
        server.close();
        server = new ServerSocket(0, BACKLOG, HERE);
    }

    @AfterEach
    void closeServer() throws IOException {
        server.close();
    }

    private String target() {
        return "server.lan:" + server.getLocalPort();
    }

    /// A guest of a VM whose list has the server and a host that does not exist.
    private TestGuest guest(Set<Integer> tlsPorts) throws IOException {
        var list = AllowListFixture.of(target() + " = 127.0.0.1", "gone.example:443");
        return guest(list, caps(tlsPorts, 1_000, 1 << 20));
    }

    private TestGuest guest(AllowList list, NetworkCaps caps) throws IOException {
        var network = new PhaseNetwork(PhaseNetwork.Mode.ENFORCE, list, caps, List.of());
        var own = new OwnPlaces(HERE::equals, Set.of(8080));
        var gatekeeper = new Gatekeeper(network, resolver, own, false);
        var dialer = new HostDialer(Optional.empty(), _ -> List.of(), Duration.ofSeconds(10));
        return TestGuest.greeted(
                new ConnectServer(gatekeeper, dialer, hello, caps, OtherStreams.NONE, told::add)
                        ::serve);
    }

    private static NetworkCaps caps(Set<Integer> tlsPorts, int connections, long bytes) {
        return new NetworkCaps(tlsPorts, connections, bytes, Duration.ofDays(1));
    }

    private Connection told() throws InterruptedException {
        return Optional.ofNullable(told.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    /// The bytes of the server's first connection, which it answers at its end.
    private CompletableFuture<byte[]> reads() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Socket socket = server.accept()) {
                        byte[] all = socket.getInputStream().readAllBytes();
                        socket.getOutputStream().write(bytes("bye"));
                        return all;
                    } catch (IOException _) {
                        return new byte[0];
                    }
                });
    }

    /// The bytes of the server's first connection, which it answers after the first byte.
    private CompletableFuture<byte[]> answersAndReads() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Socket socket = server.accept()) {
                        int first = socket.getInputStream().read();
                        socket.getOutputStream().write(bytes("bye"));
                        byte[] rest = socket.getInputStream().readAllBytes();
                        return first < 0 ? rest : Hello.together(new byte[] {(byte) first}, rest);
                    } catch (IOException _) {
                        return new byte[0];
                    }
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aListedHostIsReachedAndHalfClosedConnectionsGoOn() throws Exception {
        var read = reads();
        try (var guest = guest(Set.of())) {
            guest.opens(
                    new Open(1, Kind.CONNECT, target()), new Data(1, bytes("hello")), new End(1));
            assertThat(((Data) guest.hears()).bytes()).asString().isEqualTo("bye");
            assertThat(guest.hears()).isEqualTo(new End(1));
        }
        assertThat(read.get()).asString().isEqualTo("hello");
        assertThat(told())
                .isEqualTo(new Connection(target(), Optional.of(HERE), 5, 3, Optional.empty()));
    }

    @Test
    void aHostThatIsNotListedIsRefusedWithTheLineThatWouldLetIt() throws Exception {
        try (var guest = guest(Set.of())) {
            guest.say(new Open(1, Kind.CONNECT, "evil.example:443"));

            assertThat(guest.hears())
                    .isEqualTo(new Refused(1, "evil.example:443 is not on the list"));
        }
        assertThat(told().refusal())
                .contains(
                        new Connection.Refusal(
                                "is not on the list", Optional.of("evil.example:443")));
        assertThat(resolver.asked()).isEmpty();
    }

    @Test
    void wordsThatAreNoDestinationAreRefused() throws Exception {
        try (var guest = guest(Set.of())) {
            guest.say(new Open(1, Kind.CONNECT, "127.0.0.1:22"));

            assertThat(((Refused) guest.hears()).why()).contains("is an address, not a name");
        }
        assertThat(told().target()).isEqualTo("127.0.0.1:22");
    }

    @Test
    void aHostThatDoesNotAnswerIsRefused() throws Exception {
        try (var guest = guest(Set.of())) {
            String target = target();
            server.close();
            guest.say(new Open(1, Kind.CONNECT, target));

            assertThat(((Refused) guest.hears()).why()).contains("can't be reached");
        }
        assertThat(told().address()).isEmpty();
    }

    @Test
    void onATlsPortNothingReachesTheServerOfWhomTheClientDoesNotWant() throws Exception {
        for (byte[] first :
                new byte[][] {Hello.to("evil.example").bytes(), bytes("GET / HTTP/1.1\r\n")}) {
            anotherServer();
            var read = reads();
            try (var guest = guest(Set.of(server.getLocalPort()))) {
                guest.opens(new Open(1, Kind.CONNECT, target()), new Data(1, first));
                assertThat(guest.hears()).isEqualTo(new Reset(1));
            }
            assertThat(read.get()).isEmpty();
            var connection = told();
            assertThat(connection.sent()).isZero();
            assertThat(connection.refusal().orElseThrow().why())
                    .startsWith("was ended: the client ");
        }
    }

    @Test
    void onATlsPortTheRightHelloAndWhatFollowsItGoThrough() throws Exception {
        byte[] hello = Hello.to("server.lan").bytes();
        byte[] rest = Hello.record(23, new byte[5000]);
        var read = answersAndReads();
        try (var guest = guest(Set.of(server.getLocalPort()))) {
            guest.opens(new Open(1, Kind.CONNECT, target()));
            for (byte each : hello) {
                guest.say(new Data(1, new byte[] {each}));
            }
            guest.say(new Data(1, rest), new End(1));

            assertThat(((Data) guest.hears()).bytes()).asString().isEqualTo("bye");
            assertThat(guest.hears()).isEqualTo(new End(1));
        }
        assertThat(read.get()).isEqualTo(Hello.together(hello, rest));
    }

    @Test
    void aClientThatNeverEndsItsHelloIsCutOff() throws Exception {
        hello = Duration.ofMillis(200);
        var read = reads();
        try (var guest = guest(Set.of(server.getLocalPort()))) {
            guest.say(
                    new Open(1, Kind.CONNECT, target()),
                    new Data(1, Arrays.copyOf(Hello.to("server.lan").bytes(), 20)));

            assertThat(guest.hears()).isEqualTo(new Opened(1));
            assertThat(guest.hears()).isEqualTo(new Reset(1));
        }
        assertThat(read.get()).isEmpty();
        assertThat(told().refusal().orElseThrow().why()).contains("to say hello");
    }

    @Test
    void anEncryptedHelloGoesThroughWhereTheEntryAllowsItAndNowhereElse() throws Exception {
        byte[] hello = Hello.to("server.lan").extension(0xfe0d, new byte[16]).bytes();
        for (boolean allowed : new boolean[] {true, false}) {
            anotherServer();
            var read = answersAndReads();
            String pinned = target() + " = 127.0.0.1";
            var list =
                    allowed
                            ? AllowListFixture.with(pinned)
                            : AllowListFixture.with("other.lan:443", pinned);
            try (var guest = guest(list, caps(Set.of(server.getLocalPort()), 9, 1 << 20))) {
                guest.say(
                        new Open(1, Kind.CONNECT, target()),
                        new Data(1, hello),
                        new Data(1, Hello.record(23, new byte[9])),
                        new End(1));
                assertThat(guest.hears()).isEqualTo(new Opened(1));
                assertThat(guest.hears()).isInstanceOf(allowed ? Data.class : Reset.class);
                if (allowed) {
                    assertThat(guest.hears()).isEqualTo(new End(1));
                }
            }
            assertThat(read.get()).hasSize(allowed ? hello.length + 14 : 0);
        }
    }

    @Test
    void oneConnectionMoreThanThePhaseMayHaveIsRefused() throws Exception {
        var read = reads();
        try (var guest =
                guest(AllowListFixture.of(target() + " = 127.0.0.1"), caps(Set.of(), 1, 1 << 20))) {
            guest.opens(new Open(1, Kind.CONNECT, target()), new End(1));
            guest.say(new Open(3, Kind.CONNECT, target()));
            Frame refused = guest.hears();
            while (!(refused instanceof Refused)) {
                refused = guest.hears(); // of the first connection
            }
            assertThat(((Refused) refused).why())
                    .contains("one too many")
                    .contains("network.connections");
        }
        assertThat(read.get()).isEmpty();
    }

    @Test
    void aPhaseThatHasCarriedItsMostIsCutOffInBothDirections() throws Exception {
        var read = reads();
        try (var guest =
                guest(AllowListFixture.of(target() + " = 127.0.0.1"), caps(Set.of(), 10, 7))) {
            guest.say(
                    new Open(1, Kind.CONNECT, target()),
                    new Data(1, bytes("seven b")),
                    new Data(1, bytes("8")));
            assertThat(guest.hears()).isEqualTo(new Opened(1));
            assertThat(guest.hears()).isEqualTo(new Reset(1));
        }
        assertThat(read.get()).hasSizeLessThanOrEqualTo(7);
        assertThat(told().refusal().orElseThrow().why()).contains("network.bytes");
    }

    @Test
    void whatIsNoConnectionIsRefused() throws Exception {
        try (var guest = guest(Set.of())) {
            for (var kind : List.of(Kind.AGENT, Kind.HTTP_TOKEN)) {
                int stream = kind == Kind.AGENT ? 1 : 3;
                guest.say(new Open(stream, kind, "server.lan"));
                assertThat(((Refused) guest.hears()).why()).contains("not served here");
            }
        }
    }

    @Test
    void aServerThatHangsUpEndsItsDirectionAlone() throws Exception {
        var read = new CompletableFuture<byte[]>();
        var answers =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (Socket socket = server.accept()) {
                                        socket.getOutputStream().write(bytes("first"));
                                        socket.shutdownOutput();
                                        read.complete(socket.getInputStream().readAllBytes());
                                    } catch (IOException e) {
                                        read.completeExceptionally(e);
                                    }
                                });
        try (var guest = guest(Set.of())) {
            guest.opens(new Open(1, Kind.CONNECT, target()));
            assertThat(((Data) guest.hears()).bytes()).asString().isEqualTo("first");
            assertThat(guest.hears()).isEqualTo(new End(1));
            guest.say(new Data(1, bytes("then")), new End(1));
            assertThat(read.get()).asString().isEqualTo("then");
        }
        answers.join();
    }

    @Test
    void aHundredConnectionsAtOnceEachHaveTheirOwnBytes() throws Exception {
        var echoes = Thread.ofVirtual().start(this::echo);
        try (var guest = guest(Set.of())) {
            for (int stream = 1; stream < 200; stream += 2) {
                guest.say(
                        new Open(stream, Kind.CONNECT, target()),
                        new Data(stream, bytes("stream " + stream)),
                        new End(stream));
            }
            var heard = new HashMap<Integer, ByteArrayOutputStream>();
            for (int ended = 0; ended < 100; ) {
                switch (guest.hears()) {
                    case Opened(int stream) -> heard.put(stream, new ByteArrayOutputStream());
                    case Data(int stream, byte[] piece) ->
                            heard.computeIfAbsent(stream, _ -> new ByteArrayOutputStream())
                                    .writeBytes(piece);
                    case End _ -> ended++;
                    case Frame other -> throw new AssertionError(other);
                }
            }
            assertThat(heard).hasSize(100);
            heard.forEach(
                    (stream, all) ->
                            assertThat(all.toByteArray()).asString().isEqualTo("stream " + stream));
        }
        server.close();
        echoes.join();
    }

    private void echo() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (socket) {
                                        socket.getInputStream()
                                                .transferTo(socket.getOutputStream());
                                    } catch (IOException _) {
                                        // the test will miss the bytes
                                    }
                                });
            }
        } catch (IOException _) {
            // closed
        }
    }
}
