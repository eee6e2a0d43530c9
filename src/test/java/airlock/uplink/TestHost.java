package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestBuild;
import airlock.vm.GuestRecord;
import airlock.vm.HostExecutor;
import airlock.vm.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The host's end of the uplink of a guest program that runs as a process of this host; a test
/// sends and receives its frames.
final class TestHost implements AutoCloseable {
    private final SocketChannel port;
    private final CompletableFuture<List<GuestRecord>> records;

    private TestHost(SocketChannel port, CompletableFuture<List<GuestRecord>> records) {
        this.port = port;
        this.records = records;
    }

    /// A host after both sides have said hello.
    static TestHost of(Path folder, Step... steps) throws IOException {
        var socket = folder.resolve("uplink");
        Files.deleteIfExists(socket);
        try (var listens = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listens.bind(UnixDomainSocketAddress.of(socket));
            var executor = new HostExecutor(GuestBuild.once().executor(), folder);
            var records =
                    CompletableFuture.supplyAsync(
                            () -> executor.run(List.of(steps), socket, 1),
                            task -> Thread.ofVirtual().start(task));
            var host = new TestHost(listens.accept(), records);
            host.say(new Frame.Hello(Frame.VERSION));
            assertThat(host.answer()).isEqualTo(new Frame.Hello(Frame.VERSION));
            return host;
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    void say(Frame frame) throws IOException {
        Channels.newOutputStream(port).write(FrameCodec.encode(frame));
    }

    void opens(int number, String size) throws IOException {
        say(new Frame.Open(number, Frame.Kind.PTY, size));
    }

    private Frame next() throws IOException {
        return FrameCodec.read(Channels.newInputStream(port)).orElseThrow();
    }

    /// The next frame other than data, since shells print at once.
    Frame answer() throws IOException {
        Frame frame;
        do {
            frame = next();
        } while (frame instanceof Frame.Data);
        return frame;
    }

    /// All data until the guest ends or resets this stream.
    byte[] untilItsEnd(int number) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (Frame frame = next();
                !frame.equals(new Frame.End(number)) && !frame.equals(new Frame.Reset(number));
                frame = next()) {
            if (frame instanceof Frame.Data(_, byte[] piece)) {
                bytes.writeBytes(piece);
            }
        }
        return bytes.toByteArray();
    }

    /// The guest's records, once it has ended.
    List<GuestRecord> records() {
        return records.join();
    }

    @Override
    public void close() throws IOException {
        port.close();
        records();
    }
}
