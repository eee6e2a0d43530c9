package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.config.AllowListFixture;
import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.egress.ConnectServer.Dialer;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.HostDialer.ConnectAttempt;
import airlock.egress.WayOut.OtherStreams;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Reset;
import airlock.uplink.TestGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Timeouts, and clients that give up.
class ConnectTimesTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int HALF = 128; // of the streams that a guest may have at once
    private static final Duration LONG = Duration.ofDays(1);

    private final BlockingQueue<Connection> told = new LinkedBlockingQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final ServerSocket server;

    ConnectTimesTest() throws IOException {
        server = new ServerSocket(0, 2 * HALF, HERE);
        server.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws IOException {
        end.countDown();
        server.close();
    }

    private String target() {
        return "server.lan:" + server.getLocalPort();
    }

    private PhaseNetwork network(Duration idle) {
        return new PhaseNetwork(
                PhaseNetwork.Mode.ENFORCE,
                AllowListFixture.of(target() + " = 127.0.0.1", "slow.example:443"),
                new NetworkCaps(Set.of(), 10_000, 1 << 20, idle),
                List.of());
    }

    private TestGuest guest(Dialer dialer, Duration idle) throws IOException {
        var network = network(idle);
        var own = new OwnPlaces(HERE::equals, Set.of());
        var gatekeeper = new Gatekeeper(network, _ -> List.of(), own, false);
        return TestGuest.greeted(
                new ConnectServer(
                                gatekeeper,
                                dialer,
                                LONG,
                                network.caps(),
                                OtherStreams.NONE,
                                told::add)
                        ::serve);
    }

    private String refusal() throws InterruptedException {
        return Optional.ofNullable(told.poll(20, TimeUnit.SECONDS))
                .flatMap(Connection::refusal)
                .orElseThrow()
                .why();
    }

    @Test
    void aConnectionThatCarriesNothingIsEnded() throws Exception {
        var dialer = new HostDialer(Optional.empty(), _ -> List.of(), LONG.dividedBy(10));
        try (var guest = guest(dialer, Duration.ofMillis(300))) {
            guest.say(
                    new Open(1, Kind.CONNECT, target()),
                    new Data(1, "hello".getBytes(StandardCharsets.US_ASCII)));
            try (Socket silent = server.accept()) {
                assertThat(silent.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
            assertThat(guest.hears()).isEqualTo(new Opened(1));
            assertThat(guest.hears()).isEqualTo(new Reset(1));
        }
        assertThat(refusal()).contains("nothing came or went", "network.idle");
    }

    /// Like a host that never answers.
    private Dialer.Dialled hangs(ConnectAttempt attempt) throws IOException {
        Socket socket = attempt.open();
        socket.connect(server.getLocalSocketAddress());
        int answer = socket.getInputStream().read();
        throw new AssertionError("unexpected answer " + answer);
    }

    @Test
    void whoGivesUpWhileTheHostDialsLeavesNobodyWaitingAndThePlaceIsFree() throws Exception {
        try (var guest = guest((_, _, attempt) -> hangs(attempt), LONG)) {
            for (int round = 0; round < 4; round++) {
                int first = 1 + 2 * HALF * round;
                var dialled = new ArrayList<Socket>();
                for (int i = 0; i < HALF; i++) {
                    guest.say(new Open(first + 2 * i, Kind.CONNECT, target()));
                    dialled.add(server.accept());
                }
                for (int i = 0; i < HALF; i++) {
                    guest.say(new Reset(first + 2 * i));
                }
                for (Socket socket : dialled) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    socket.close();
                    assertThat(refusal()).isEqualTo("can't be reached: " + ConnectAttempt.GIVEN_UP);
                }
            }
        }
    }

    @Test
    void anAddressThatDoesNotAnswerIsLeftAsSoonAsTheClientGivesUp() throws Exception {
        var filling = new ArrayList<Socket>();
        try (var full = new ServerSocket(0, 1, HERE)) {
            while (isFilling(full, filling)) {}
            var attempt = new ConnectAttempt();
            var outcome = new CompletableFuture<String>();
            var dialling =
                    Thread.ofPlatform()
                            .start(() -> outcome.complete(dial(full.getLocalPort(), attempt)));
            await().until(
                            () ->
                                    Stream.of(dialling.getStackTrace())
                                            .anyMatch(ConnectTimesTest::isConnecting));
            attempt.giveUp();

            assertThat(outcome.get(20, TimeUnit.SECONDS)).contains("Exception");
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    private static boolean isConnecting(StackTraceElement frame) {
        return frame.getClassName().endsWith("SocketChannelImpl")
                && frame.getMethodName().equals("finishTimedConnect");
    }

    private static String dial(int port, ConnectAttempt attempt) {
        try {
            return HostDialer.connect(List.of(HERE), port, Duration.ofHours(1), attempt).toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Connects once more; returns false if the server's queue is full.
    private static boolean isFilling(ServerSocket full, List<Socket> filling) throws IOException {
        var socket = new Socket();
        filling.add(socket);
        try {
            socket.connect(full.getLocalSocketAddress(), 200);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Like the system's look-ups, it can't be interrupted.
    private List<InetAddress> neverAnswers() {
        asked.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        return List.of();
    }

    @Test
    void theEndOfItsVmDoesNotWaitForALookUp() throws Exception {
        var lookUps = new LookUps(_ -> neverAnswers(), 1, LONG);
        var own = new OwnPlaces(HERE::equals, Set.of());
        var out =
                new WayOut(
                        network(LONG),
                        lookUps.ofOne(),
                        own,
                        Optional.empty(),
                        OtherStreams.NONE,
                        told::add);
        var guest = new Socket(HERE, server.getLocalPort());
        try (var host = server.accept()) {
            var serving = CompletableFuture.runAsync(() -> serve(out, host));
            var says = guest.getOutputStream();
            says.write(new byte[] {1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0});
            says.write(new byte[] {2, 0, 17, 0, 1, 0, 0, 0, 1});
            says.write("slow.example:443".getBytes(StandardCharsets.US_ASCII));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            guest.close(); // as QEMU does

            serving.get(20, TimeUnit.SECONDS);
            assertThat(refusal()).isEqualTo("has no address, or no name server answers");
        }
    }

    private static void serve(WayOut out, Socket host) {
        try {
            out.serve(host.getInputStream(), host.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
