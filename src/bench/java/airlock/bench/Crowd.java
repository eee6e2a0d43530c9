package airlock.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Strangers who send bodies to a hook without knowing its secret, all at once: many slowly, many
/// only the half, a few very large ones, a few whole ones again and again. Who is thrown out comes
/// back.
final class Crowd implements AutoCloseable {
    private static final int SLOW = 100;
    private static final int HALF = 50;
    private static final int LARGE = 4;
    private static final int WHOLE = 4;
    private static final int SIZE = 8192;
    private static final int LARGE_SIZE = 20 << 20;
    private static final byte[] PIECE = new byte[64 << 10];

    private final int port;
    private final String path;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LongAdder turns = new LongAdder();
    private volatile boolean over;

    /// @param path of the hook
    Crowd(int port, String path) {
        this.port = port;
        this.path = path;
        start(SLOW, socket -> drip(socket, SIZE, 1, 200));
        start(HALF, this::half);
        start(LARGE, socket -> drip(socket, LARGE_SIZE, PIECE.length, 50));
        start(WHOLE, this::whole);
    }

    /// How often somebody of it came, so far.
    long turns() {
        return turns.sum();
    }

    private interface Turn {
        void take(Socket socket) throws IOException, InterruptedException;
    }

    private void start(int count, Turn turn) {
        for (int i = 0; i < count; i++) {
            threads.execute(
                    () -> {
                        while (!over) {
                            come(turn);
                        }
                    });
        }
    }

    private void come(Turn turn) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            turns.increment();
            turn.take(socket);
        } catch (IOException _) {
            // thrown out
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends a body in pieces, and rests after each for so many milliseconds.
    private void drip(Socket socket, int size, int piece, int rest)
            throws IOException, InterruptedException {
        head(socket, size);
        for (int sent = 0; sent < size && !over; sent += piece) {
            socket.getOutputStream().write(PIECE, 0, Math.min(piece, size - sent));
            rest(rest);
        }
    }

    private static void rest(int milliseconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(milliseconds);
    }

    private void half(Socket socket) throws IOException {
        head(socket, SIZE);
        socket.getOutputStream().write(PIECE, 0, SIZE / 2);
        byte[] _ = socket.getInputStream().readAllBytes();
    }

    private void whole(Socket socket) throws IOException, InterruptedException {
        head(socket, SIZE);
        socket.getOutputStream().write(PIECE, 0, SIZE);
        int _ = socket.getInputStream().read();
        rest(20);
    }

    private void head(Socket socket, int size) throws IOException {
        String head =
                """
                POST %s HTTP/1.1
                Host: 127.0.0.1
                Content-Type: application/json
                Content-Length: %d
                X-Gitea-Delivery: a-stranger's
                X-Gitea-Event: push
                X-Gitea-Signature: %s

                """
                        .formatted(path, size, "0".repeat(64));
        socket.getOutputStream()
                .write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        over = true;
        threads.shutdownNow();
    }
}
