package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.EndState.VmSignal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console and the log port, fed over a real socket.
class PumpTest {
    private static final HostLine LINE =
            new HostLine(
                    HostLine.Word.RUN,
                    Instant.ofEpochSecond(1_800_000_000),
                    new byte[HostLine.SEED_BYTES]);
    private static final byte[] READY = {4, 0, 0, 0, 1, 1, 0, 0, 0};

    @TempDir Path directory;
    private final List<VmSignal> signals = new ArrayList<>();
    private final List<GuestRecord> records = new ArrayList<>();

    @FunctionalInterface
    interface Body {
        void run(SocketChannel host, SocketChannel guest) throws IOException;
    }

    private void connected(Body body) throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            try (var guest = SocketChannel.open(address);
                    var host = server.accept()) {
                body.run(host, guest);
            }
        }
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        Channels.newOutputStream(channel).write(bytes);
    }

    private void pump(Consumer<GuestRecord> listener, byte[]... frames) throws IOException {
        connected(
                (host, guest) -> {
                    for (byte[] frame : frames) {
                        send(guest, frame);
                    }
                    guest.shutdownOutput();
                    var spec = VmSpecs.plain(directory.resolve("console"));
                    new LogPump(host, spec, listener, () -> LINE, signals::add).run(false);
                });
    }

    @Test
    void theConsoleIsCutAndItsPanicIsFoundAllTheSame() throws Exception {
        var console = directory.resolve("console");
        connected(
                (host, guest) -> {
                    send(guest, "x".repeat(5000).getBytes(StandardCharsets.US_ASCII));
                    send(
                            guest,
                            "\n[1.0] Kernel panic - not syncing: sysrq\u001b[1m\nend\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    guest.close();
                    var pump = new ConsolePump(host, console, 1000);
                    pump.run();
                    assertThat(pump.panic()).contains("sysrq�[1m");
                    assertThat(pump.lastLine()).isEqualTo("end");
                });

        assertThat(Files.readString(console))
                .startsWith("x".repeat(1000))
                .endsWith("[airlock: the console is cut after 1000 bytes]\n")
                .hasSizeLessThan(1100);
    }

    @Test
    void theGateIsOpenedByTheLineOnceItIsReady() throws Exception {
        connected(
                (host, guest) -> {
                    send(guest, READY);
                    guest.shutdownOutput();
                    var spec = VmSpecs.plain(directory.resolve("console"));
                    new LogPump(host, spec, records::add, () -> LINE, signals::add).run(false);
                    var got = ByteBuffer.allocate(200);
                    guest.read(got);
                    assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(LINE.encode()));
                });

        var ready = new GuestRecord.Ready(1);
        assertThat(records).containsExactly(ready);
        assertThat(signals).containsExactly(new VmSignal.Heard(ready), new VmSignal.LogClosed());
    }

    @Test
    void garbageIsABadLogAndReachesNobody() throws Exception {
        pump(records::add, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(records).isEmpty();
        assertThat(signals.getFirst()).isInstanceOf(VmSignal.BadLog.class);
        assertThat(signals.getLast()).isEqualTo(new VmSignal.LogClosed());
    }

    @Test
    void aListenerThatThrowsIsReported() throws Exception {
        pump(
                _ -> {
                    throw new IllegalStateException("full");
                },
                READY);

        assertThat(signals.getFirst())
                .isEqualTo(
                        new VmSignal.Ended(
                                new VmEnd.HostFailed(
                                        "the log could not be kept:"
                                                + " java.lang.IllegalStateException: full")));
    }

    @Test
    void whatPassesTheLimitIsAFloodAndIsNotRead() throws Exception {
        var flood = new byte[8192];
        flood[0] = 0;
        flood[1] = 16;
        flood[4] = 3;
        pump(records::add, READY, flood);

        assertThat(records).hasSize(1);
        String why = "the log became longer than %,d bytes".formatted(VmSpecs.LIMITS.logBytes());
        assertThat(signals)
                .contains(new VmSignal.Ended(new VmEnd.OverLimit(VmEnd.Limited.LOG, why)));
    }
}
