package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.Uplink.Offer;
import airlock.uplink.Uplink.OpenRate;
import airlock.uplink.UplinkStream.Piece;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The guest's end of a running uplink; a test sends and receives its frames.
public final class TestGuest implements AutoCloseable {
    private static final int PATIENCE = 20;

    private final Socket socket;
    private final Socket host;
    private final Uplink uplink;
    private final CompletableFuture<Optional<String>> ending = new CompletableFuture<>();

    private TestGuest(Socket socket, Socket host, Uplink uplink) throws IOException {
        this.socket = socket;
        this.host = host;
        this.uplink = uplink;
        socket.setSoTimeout(PATIENCE * 1000);
        // a port has no acknowledgements to wait for
        socket.setTcpNoDelay(true);
        host.setTcpNoDelay(true);
        Thread.ofVirtual().name("uplink").start(() -> ending.complete(uplink.run()));
    }

    /// A guest after both sides have said hello.
    public static TestGuest greeted(Uplink.Server server) throws IOException {
        return greeted(server, OpenRate.standard());
    }

    static TestGuest greeted(Uplink.Server server, OpenRate rate) throws IOException {
        var guest = silent(server, rate);
        guest.say(new Frame.Hello(Frame.VERSION));
        assertThat(guest.hears()).isEqualTo(new Frame.Hello(Frame.VERSION));
        return guest;
    }

    static TestGuest silent(Uplink.Server server, OpenRate rate) throws IOException {
        try (var listens = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var socket = new Socket(listens.getInetAddress(), listens.getLocalPort());
            var host = listens.accept();
            var uplink =
                    new Uplink(
                            host.getInputStream(),
                            host.getOutputStream(),
                            server,
                            rate,
                            Uplink.LAST_WORDS);
            return new TestGuest(socket, host, uplink);
        }
    }

    /// A server that sends all bytes back.
    static void echo(Offer offer) throws InterruptedException {
        var stream = offer.accept();
        while (stream.take() instanceof Piece.Bytes(byte[] bytes)) {
            stream.send(bytes, 0, bytes.length);
        }
        stream.end();
    }

    /// All bytes up to the end, as text.
    static String text(UplinkStream stream) throws InterruptedException {
        var text = new StringBuilder();
        while (stream.take() instanceof Piece.Bytes(byte[] bytes)) {
            text.append(new String(bytes, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    /// The host's side.
    Uplink uplink() {
        return uplink;
    }

    /// Sends frames.
    public void say(Frame... all) throws IOException {
        for (Frame frame : all) {
            say(FrameCodec.encode(frame));
        }
    }

    void say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /// Opens a stream and sends more frames; the host has to accept the stream.
    public void opens(Frame.Open open, Frame... more) throws IOException {
        say(open);
        say(more);
        assertThat(hears()).isEqualTo(new Frame.Opened(open.stream()));
    }

    /// The next frame that the host sends.
    public Frame hears() throws IOException {
        return FrameCodec.read(socket.getInputStream()).orElseThrow();
    }

    /// How it broke the protocol; empty if it hung up.
    Optional<String> ending() {
        return ending.orTimeout(PATIENCE, TimeUnit.SECONDS).join();
    }

    /// Hangs up, as QEMU does when it ends.
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            ending();
        } finally {
            host.close();
        }
    }
}
