package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Uplink.Offer;
import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The guest program as `connect HOST PORT`, the ProxyCommand of ssh.
@Timeout(60)
class GuestConnectTest {
    @TempDir Path folder = Path.of("");

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /// Sends some bytes at once, then echoes.
    private static void serve(Offer offer, byte[] greeting) throws InterruptedException {
        UplinkStream stream = offer.accept();
        stream.send(greeting, 0, greeting.length);
        while (stream.take() instanceof Piece.Bytes(byte[] bytes)) {
            stream.send(bytes, 0, bytes.length);
        }
        stream.end();
    }

    private Process connect(GuestInProcess guest, String... words) throws IOException {
        var command = new ProcessBuilder(words);
        command.command().addFirst(folder.resolve("run/connect").toString());
        command.environment().put("PROXY", Integer.toString(guest.proxy()));
        return command.start();
    }

    private static byte[] exchange(Process process, byte[] sent) throws Exception {
        var writes =
                CompletableFuture.runAsync(
                        () -> {
                            try (var in = process.getOutputStream()) {
                                in.write(sent);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task));
        byte[] back = process.getInputStream().readAllBytes();
        writes.join();
        return back;
    }

    private static String complaint(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void everyByteGoesThroughFromTheFirstOnAndEachDirectionEndsByItself() throws Exception {
        byte[] greeting = "\r\n\r\nSSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var guest = GuestInProcess.start(folder, offer -> serve(offer, greeting))) {
            for (int length : new int[] {0, 1, 3_000_000}) {
                var process = connect(guest, "git.example", "22");
                byte[] back = exchange(process, random(length));
                assertThat(back)
                        .startsWith(greeting)
                        .hasSize(greeting.length + length)
                        .endsWith(random(length));
                assertThat(process.waitFor()).isZero();
                assertThat(complaint(process)).isEmpty();
            }
        }
    }

    @Test
    void aServerThatEndsFirstStillHearsTheRest() throws Exception {
        var heard = new CompletableFuture<Integer>();
        Uplink.Server server =
                offer -> {
                    UplinkStream stream = offer.accept();
                    stream.end();
                    int count = 0;
                    while (stream.take() instanceof Piece.Bytes(byte[] bytes)) {
                        count += bytes.length;
                    }
                    heard.complete(count);
                };
        try (var guest = GuestInProcess.start(folder, server)) {
            var process = connect(guest, "git.example", "22");
            assertThat(process.getInputStream().read()).isEqualTo(-1);
            assertThat(exchange(process, random(700_000))).isEmpty();
            assertThat(process.waitFor()).isZero();
            assertThat(heard.get()).isEqualTo(700_000);
        }
    }

    @Test
    void aPlaceThatIsRefusedIsToldOnStandardError() throws Exception {
        try (var guest = GuestInProcess.start(folder, offer -> offer.refuse("is not listed"))) {
            var process = connect(guest, "git.example", "22");
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(complaint(process))
                    .isEqualTo("airlock: no connection to git.example:22: is not listed\n");
            assertThat(process.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatIsNoPlaceIsRefused() throws Exception {
        try (var guest = GuestInProcess.start(folder, offer -> offer.refuse("no"))) {
            for (String host : new String[] {"a b", "a\r\nX: y", "a".repeat(9000)}) {
                var process = connect(guest, host, "22");
                assertThat(process.waitFor()).isEqualTo(1);
                assertThat(complaint(process))
                        .startsWith("airlock: no connection to a")
                        .hasLineCount(1);
            }
            assertThat(connect(guest, "git.example").waitFor()).isEqualTo(2);
        }
    }

    @Test
    void withoutAProxyItSaysSo() throws Exception {
        try (var _ = GuestInProcess.start(folder, offer -> offer.refuse("no"))) {
            var command = new ProcessBuilder(folder.resolve("run/connect").toString(), "a", "1");
            command.environment().put("PROXY", "1");
            var process = command.start();
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(complaint(process)).contains("no proxy at 127.0.0.1:1: Connection refused");
        }
    }

    @Test
    void anyoneMayExecuteIt() throws Exception {
        try (var _ = GuestInProcess.start(folder, offer -> offer.refuse("no"))) {
            assertThat(Files.getPosixFilePermissions(folder.resolve("run/connect")))
                    .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(Files.getPosixFilePermissions(folder.resolve("run")))
                    .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
