package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guest program's side of the uplink as a process of this host, with the host's side in Java.
/// This test acts as the programs that connect.
class GuestUplinkTest {
    @TempDir Path folder = Path.of("");

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /// Sends, ends its direction, and returns the whole answer.
    private static byte[] exchange(Socket socket, byte[] bytes) throws Exception {
        var sent =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                socket.getOutputStream().write(bytes);
                                socket.shutdownOutput();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task));
        byte[] back = socket.getInputStream().readAllBytes();
        sent.join();
        return back;
    }

    @Test
    void whatAProgramSendsComesBackFromTheOtherSideWholeAndEnds() throws Exception {
        try (var guest = GuestInProcess.start(folder, TestGuest::echo, "packages.example")) {
            for (int length : new int[] {0, 1, 16_384, 16_385, 131_072, 3_000_000}) {
                try (var socket = guest.connect(0)) {
                    assertThat(exchange(socket, random(length))).isEqualTo(random(length));
                }
            }
        }
    }

    @Test
    void aHundredConnectionsAtOnceAreEachServed() throws Exception {
        try (var guest = GuestInProcess.start(folder, TestGuest::echo, "packages.example");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = random(300_000 + i);
                all.add(
                        threads.submit(
                                () -> {
                                    try (var socket = guest.connect(0)) {
                                        return exchange(socket, bytes);
                                    }
                                }));
            }
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).get()).isEqualTo(random(300_000 + i));
            }
        }
    }

    @Test
    void moreConnectionsThanThereMayBeWaitForTheirTurn() throws Exception {
        try (var guest = GuestInProcess.start(folder, TestGuest::echo, "packages.example")) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < Uplink.MOST_STREAMS + 20; i++) {
                var socket = guest.connect(0);
                socket.getOutputStream().write(i & 0xff);
                open.add(socket);
            }
            for (int i = 0; i < open.size(); i++) {
                try (var socket = open.get(i)) {
                    assertThat(socket.getInputStream().read()).isEqualTo(i & 0xff);
                }
            }
        }
    }

    @Test
    void aProgramThatDoesNotReadStopsNobodyElse() throws Exception {
        byte[] much = random(10_000_000);
        Uplink.Server server =
                offer -> {
                    UplinkStream stream = offer.accept();
                    stream.send(much, 0, much.length);
                    stream.end();
                    stream.take(); // until its client ends too: who leaves a stream resets it
                };
        try (var guest = GuestInProcess.start(folder, server, "packages.example");
                var slow = guest.connect(0)) {
            assertThat(slow.getInputStream().read()).isEqualTo(much[0] & 0xff);
            try (var fast = guest.connect(0)) {
                assertThat(fast.getInputStream().readAllBytes()).isEqualTo(much);
            }
            assertThat(slow.getInputStream().readAllBytes()).hasSize(much.length - 1);
        }
    }

    @Test
    void aPlaceThatIsRefusedIsLikeOneWhereNobodyListens() throws Exception {
        try (var guest =
                        GuestInProcess.start(
                                folder, offer -> offer.refuse("is not on the list"), "a.example");
                var socket = guest.connect(0)) {
            assertThat(new CaughtReset(socket).isReset()).isTrue();
        }
    }

    @Test
    void aResetOfEitherSideReachesTheOther() throws Exception {
        var first = new CompletableFuture<Piece>();
        var broken = new CompletableFuture<Piece>();
        Uplink.Server server =
                offer -> {
                    UplinkStream stream = offer.accept();
                    if (offer.target().startsWith("resets.example")) {
                        stream.take();
                        stream.reset();
                    } else {
                        first.complete(stream.take());
                        broken.complete(stream.take());
                    }
                };
        try (var guest =
                GuestInProcess.start(folder, server, "resets.example", "is-reset.example")) {
            try (var socket = guest.connect(0)) {
                socket.getOutputStream().write(1);
                assertThat(new CaughtReset(socket).isReset()).isTrue();
            }
            var socket = guest.connect(1);
            socket.getOutputStream().write(1);
            assertThat(first.get()).isInstanceOf(Piece.Bytes.class);
            socket.setSoLinger(true, 0);
            socket.close();
            assertThat(broken.get()).isInstanceOf(Piece.Broken.class);
        }
    }

    @Test
    void theProxyConnectsToWhereItsClientAsksForAndTellsWhyNot() throws Exception {
        Uplink.Server server =
                offer -> {
                    if (offer.target().equals("any.example:443")) {
                        TestGuest.echo(offer);
                    } else {
                        offer.refuse(offer.target() + " is not on the list");
                    }
                };
        try (var guest = GuestInProcess.start(folder, server)) {
            assertThat(guest.proxied("CONNECT any.example:443 HTTP/1.1\r\nHost: x\r\n\r\nearly"))
                    .isEqualTo("HTTP/1.1 200 Connected\r\n\r\nearly");
            assertThat(guest.proxied("CONNECT other.example:22 HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 other.example:22 is not on the list\r\n");
            assertThat(guest.proxied("GET http://any.example/ HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 405 ");
            assertThat(guest.proxied("CONNECT a b HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 ");
            assertThat(guest.proxied("CONNECT x" + "y".repeat(513) + " HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void aRequestWithAHeadThatIsTooLongReadsSo() throws Exception {
        try (var guest = GuestInProcess.start(folder, TestGuest::echo)) {
            for (int length : new int[] {8192 - 22, 8192, 20_000, 900_000}) {
                assertThat(guest.proxied("CONNECT a:1 HTTP/1.1\r\n" + "x".repeat(length)))
                        .startsWith("HTTP/1.1 431 ");
            }
            assertThat(guest.proxied("CONNECT a:1 HTTP/1.1\r\nx: " + "x".repeat(8000) + "\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200 Connected\r\n\r\n");
        }
    }

    @Test
    void whoIsRefusedReadsWhyThoughItHasSentMuchAlready() throws Exception {
        try (var guest = GuestInProcess.start(folder, offer -> offer.refuse("is not listed"))) {
            String much = "x".repeat(500_000);
            assertThat(guest.proxied("CONNECT a:1 HTTP/1.1\r\n\r\n" + much))
                    .startsWith("HTTP/1.1 403 is not listed\r\n");
            assertThat(guest.proxied("POST / HTTP/1.1\r\n\r\n" + much)).startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void aTokenIsUsedAtAHostOfItsOwn() throws Exception {
        Uplink.Server server =
                offer -> {
                    byte[] said = bytes(offer.kind() + " " + offer.target());
                    var stream = offer.accept();
                    stream.send(said, 0, said.length);
                    stream.end();
                    stream.take();
                };
        try (var guest = GuestInProcess.offering(folder, server, "publish", "p.kg_2")) {
            assertThat(Files.readString(folder.resolve("hosts")))
                    .isEqualTo(
                            """
                            127.1.0.1\tpublish.token.internal
                            127.1.0.2\tp.kg_2.token.internal
                            """);
            for (var door : Map.of("127.1.0.1", "publish", "127.1.0.2", "p.kg_2").entrySet()) {
                try (var socket = new Socket(door.getKey(), guest.proxy())) {
                    assertThat(socket.getInputStream().readAllBytes())
                            .asString()
                            .isEqualTo("HTTP_TOKEN " + door.getValue());
                }
            }
        }
    }

    @Test
    void theAgentsSocketIsItsOwnersAlone() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        Uplink.Server server =
                offer -> {
                    asked.add(offer.kind() + "[" + offer.target() + "]");
                    TestGuest.echo(offer);
                };
        try (var _ = GuestInProcess.offering(folder, server)) {
            Path socket = folder.resolve("run/agent");
            assertThat(Files.getPosixFilePermissions(socket))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            for (int i = 0; i < 3; i++) {
                try (var agent = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                    agent.write(ByteBuffer.wrap(bytes("who is there")));
                    agent.shutdownOutput();
                    assertThat(Channels.newInputStream(agent).readAllBytes())
                            .isEqualTo(bytes("who is there"));
                }
            }
        }
        assertThat(asked).containsExactly("AGENT[]", "AGENT[]", "AGENT[]");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void eachHostHasAnAddressOfItsOwn() throws Exception {
        try (var guest = GuestInProcess.start(folder, TestGuest::echo, "a.example", "b.example");
                var socket = guest.connect(1)) {
            assertThat(Files.readString(folder.resolve("hosts")))
                    .isEqualTo("127.1.0.1\ta.example\n127.1.0.2\tb.example\n");
            assertThat(exchange(socket, random(5))).isEqualTo(random(5));
        }
    }

    /// Whether a connection is reset before any byte comes.
    private record CaughtReset(Socket socket) {
        boolean isReset() throws IOException {
            try (InputStream in = socket.getInputStream()) {
                return in.read() < -1;
            } catch (SocketException e) {
                return String.valueOf(e.getMessage()).contains("reset");
            }
        }
    }

    @Test
    void whatAProgramSentLastArrivesThoughItHasEnded() throws Exception {
        var came = new CompletableFuture<String>();
        Uplink.Server server = offer -> came.complete(TestGuest.text(offer.accept()));
        try (var guest = GuestInProcess.start(folder, server, "a.example")) {
            guest.say(
                    "exec 3<>/dev/tcp/127.1.0.1/%d; echo last words >&3".formatted(guest.port(0)));
        }
        assertThat(came.get(20, TimeUnit.SECONDS)).isEqualTo("last words\n");
    }

    /// The guest program serves 192 connections at once; the others wait to be accepted.
    @Test
    void connectionsThatWaitWhenTheirProgramEndsAreServedToo() throws Exception {
        int all = 250;
        var others = new CountDownLatch(192);
        var came = new CountDownLatch(all);
        Uplink.Server server =
                offer -> {
                    UplinkStream stream = offer.accept();
                    while (stream.take() instanceof Piece.Bytes) {}
                    came.countDown();
                    others.countDown();
                    // none makes room before the program has ended and all of these are through
                    others.await();
                    await().until(() -> !Files.exists(program()));
                    stream.end();
                };
        try (var guest = GuestInProcess.start(folder, server, "a.example")) {
            guest.say(
                    "echo $$ >pid; for i in {1..%d}; do exec {fd}<>/dev/tcp/127.1.0.1/%d; echo $i >&$fd; done"
                            .formatted(all, guest.port(0)));
        }
        assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /// Exists until the guest knows of the program's end.
    private Path program() throws IOException {
        return Path.of("/proc", Files.readString(folder.resolve("pid")).strip());
    }

    /// Linux steers all ports of all addresses to the guest program; here one of each is enough.
    @Test
    void aNameThatIsNotListedResolvesAndTheHostDecidesAboutItByName() throws Exception {
        var asked = new LinkedBlockingQueue<String>();
        Uplink.Server server =
                offer -> {
                    asked.add(offer.kind() + " " + offer.target());
                    offer.refuse("is not on the list");
                };
        try (var guest = GuestInProcess.start(folder, server)) {
            assertThat(Files.readString(folder.resolve("resolv.conf")))
                    .isEqualTo("nameserver 127.0.0.53\n");
            assertThat(guest.resolved("Stats.Example")).isEqualTo("127.128.0.1");
            assertThat(guest.resolved("other.example")).isEqualTo("127.128.0.2");
            assertThat(guest.resolved("stats.example")).isEqualTo("127.128.0.1");
            try (var socket = new Socket("127.128.0.1", guest.proxy())) {
                assertThatThrownBy(() -> socket.getInputStream().read())
                        .isInstanceOf(SocketException.class);
            }
            assertThat(asked).containsExactly("CONNECT stats.example:" + guest.proxy());
        }
    }
}
