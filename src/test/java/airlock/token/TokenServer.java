package airlock.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLServerSocket;

/// A server behind TLS on loopback that keeps requests byte for byte, and answers as the test says.
final class TokenServer implements AutoCloseable {
    private static final int BACKLOG = 100;

    private final SSLServerSocket listens;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private volatile Answer answer = plain("hello");

    /// One request.
    ///
    /// @param head with its empty line
    record Received(String head, String body) {
        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /// All values of a header.
        List<String> values(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }
    }

    /// Writes the answer to a request.
    @FunctionalInterface
    interface Answer {
        void write(Received request, OutputStream out) throws Exception;
    }

    TokenServer(TlsKey key) throws IOException {
        listens =
                (SSLServerSocket)
                        key.context()
                                .getServerSocketFactory()
                                .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("token-server").start(this::listen);
    }

    int port() {
        return listens.getLocalPort();
    }

    void answers(Answer answer) {
        this.answer = answer;
    }

    /// An answer of 200 with a length and a body.
    static Answer plain(String body) {
        return raw(
                "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body));
    }

    /// Bytes, one per character.
    static Answer raw(String... pieces) {
        return (_, out) -> {
            for (String piece : pieces) {
                out.write(piece.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        };
    }

    /// The requests since the last call.
    List<Received> received() {
        var all = new ArrayList<Received>();
        for (var each = received.poll(); each != null; each = received.poll()) {
            all.add(each);
        }
        return all;
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = listens.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                var request = new Received(head, body(head, in));
                received.add(request);
                answer.write(request, socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (Exception _) {
            // the test will miss the answer
        } finally {
            sockets.remove(socket);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.write(c);
            if (c == '\n' && text(head).endsWith("\r\n\r\n")) {
                return text(head);
            }
        }
        return "";
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String body(String head, InputStream in) throws IOException {
        var request = new Received(head, "");
        if (!request.values("Transfer-Encoding").isEmpty()) {
            var body = new StringBuilder();
            for (int size = Integer.parseInt(line(in), 16);
                    size > 0;
                    size = Integer.parseInt(line(in), 16)) {
                body.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
                line(in);
            }
            line(in);
            return body.toString();
        }
        int length = request.values("Content-Length").stream().mapToInt(Integer::parseInt).sum();
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the request ends in its middle");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /// Ends all connections.
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listens.close();
        hangUp();
    }
}
