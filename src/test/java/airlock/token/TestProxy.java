package airlock.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A proxy on loopback that answers `CONNECT` as the test says. After a good answer it carries
/// bytes to one server, whatever it was asked for, and keeps the client's bytes.
final class TestProxy implements AutoCloseable {
    static final String GOOD = "HTTP/1.1 200 Connection established\r\n\r\n";

    private final ServerSocket listens;
    private final int server;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final Queue<String> next = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream carried = new ByteArrayOutputStream();

    /// @param server a port on loopback
    TestProxy(int server) throws IOException {
        this.server = server;
        this.listens = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("test-proxy").start(this::listen);
    }

    int port() {
        return listens.getLocalPort();
    }

    /// The answers to the next requests; all others get [#GOOD].
    void answers(String... answers) {
        next.addAll(List.of(answers));
    }

    /// The head of the next request.
    String asked() throws InterruptedException {
        return Optional.ofNullable(asked.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    /// The heads of all other requests so far.
    List<String> all() {
        var all = new ArrayList<String>();
        asked.drainTo(all);
        return all;
    }

    /// The clients' bytes behind their requests, one character per byte.
    String carried() {
        return carried.toString(StandardCharsets.ISO_8859_1);
    }

    private void listen() {
        try {
            while (true) {
                Socket client = listens.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            asked.add(head(client.getInputStream()));
            String answer = Optional.ofNullable(next.poll()).orElse(GOOD);
            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            if (answer.equals(GOOD)) {
                carry(client);
            } else {
                client.getInputStream().transferTo(carried); // until the client has gone
            }
        } catch (IOException _) {
            // the client hung up
        }
    }

    private void carry(Socket client) throws IOException {
        try (var there = new Socket(InetAddress.getLoopbackAddress(), server)) {
            Thread.ofVirtual().start(() -> carryBack(there, client));
            byte[] piece = new byte[16 << 10];
            var in = client.getInputStream();
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                carried.write(piece, 0, got);
                there.getOutputStream().write(piece, 0, got);
            }
        }
    }

    private static void carryBack(Socket there, Socket client) {
        try (client) {
            there.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException _) {
            // one of them hung up
        }
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

    @Override
    public void close() throws IOException {
        listens.close();
    }
}
