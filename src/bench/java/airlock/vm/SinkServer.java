package airlock.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// A server on loopback that measures. A connection says with its first byte what it is: `c` is
/// answered with a byte, `o` sends until its end, `i` wants to be sent to. Those of the last two
/// kinds begin together, when all are there that are expected.
final class SinkServer implements AutoCloseable {
    /// Bytes of all connections of a measurement together.
    static final long BYTES = 128L << 20;

    private static final int PIECE = 64 << 10;
    private static final int BACKLOG = 200;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket listener;
    private volatile Round round = new Round(0);

    private SinkServer(ServerSocket listener) {
        this.listener = listener;
    }

    /// Connections that are measured together.
    private static final class Round {
        final int streams;
        final CountDownLatch there;
        final CountDownLatch over;
        final AtomicLong bytes = new AtomicLong();
        final CompletableFuture<Double> rate = new CompletableFuture<>();
        volatile long began;

        Round(int streams) {
            this.streams = streams;
            there = new CountDownLatch(streams);
            over = new CountDownLatch(streams);
        }
    }

    static SinkServer start() throws IOException {
        var listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        var server = new SinkServer(listener);
        server.threads.execute(server::accept);
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    /// The next `streams` connections are measured together.
    ///
    /// @return megabytes a second of all of them, when they are over
    Future<Double> expect(int streams) {
        var next = new Round(streams);
        round = next;
        threads.execute(() -> measure(next));
        return next.rate;
    }

    private static void measure(Round round) {
        try {
            round.there.await();
            round.began = System.nanoTime();
            round.over.await();
            round.rate.complete(rate(round.bytes.get(), round.began, System.nanoTime()));
        } catch (InterruptedException e) {
            round.rate.completeExceptionally(e);
        }
    }

    /// Megabytes a second.
    static double rate(long bytes, long began, long ended) {
        return bytes / 1e6 / ((ended - began) / 1e9);
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        var now = round;
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            switch (in.read()) {
                case 'c' -> out.write('b');
                case 'o' -> {
                    together(now);
                    out.write('g');
                    take(now, in);
                }
                case 'i' -> {
                    together(now);
                    give(now, socket, in);
                }
                default -> throw new IOException("a connection that does not say what it is");
            }
        } catch (IOException | InterruptedException e) {
            now.rate.completeExceptionally(e);
        }
    }

    private static void together(Round round) throws InterruptedException {
        round.there.countDown();
        round.there.await();
    }

    private static void take(Round round, InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
            round.bytes.addAndGet(got);
        }
        round.over.countDown();
    }

    /// Until the other side has taken all of it and says so by its own end.
    private static void give(Round round, Socket socket, InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long left = BYTES / round.streams / PIECE; left > 0; left--) {
            socket.getOutputStream().write(piece);
            round.bytes.addAndGet(piece.length);
        }
        socket.shutdownOutput();
        if (in.read() >= 0) {
            throw new IOException("a connection that was sent to has something to say");
        }
        round.over.countDown();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
