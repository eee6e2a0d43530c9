package airlock.plan;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Files by HTTP on loopback, some in ways that servers should not have: `/hello` can tell whether
/// it has changed, `/flaky` is broken at the first time, `/cut` ends too early at the first time,
/// `/changing` too and is another file then; all others are those of a directory.
public final class FileServer implements AutoCloseable {
    /// What `/cut` has.
    public static final String LONG = "a line that is long enough to be cut in two\n".repeat(5_000);

    private static final String MODIFIED = "Sat, 03 Jan 2026 10:20:30 GMT";
    private static final String TAG = "\"v1\"";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<String> tampered = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> cutting = ConcurrentHashMap.newKeySet();
    private final Path directory;

    /// Starts one.
    ///
    /// @param directory of the other files
    public FileServer(Path directory) throws IOException {
        this.directory = directory;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        serve("/hello", this::hello);
        serve("/flaky", exchange -> say(exchange, count("/flaky") == 1 ? 500 : 200, "at last\n"));
        serve("/cut", exchange -> cut(exchange, LONG));
        serve("/changing", exchange -> changing(exchange));
        serve("/endless", this::endless);
        serve("/away", exchange -> redirect(exchange, "/hello"));
        serve("/local", exchange -> redirect(exchange, "file:///etc/hostname"));
        serve("/round", exchange -> redirect(exchange, "/round"));
        serve("/nothing", exchange -> say(exchange, 204, ""));
        serve("/", this::file);
        server.start();
    }

    /// The next request for `path` is answered with 500, those after it as ever.
    public void failOnce(String path) {
        failing.add(path);
    }

    /// The next answer for `path` ends in the middle.
    public void cutOnce(String path) {
        cutting.add(path);
    }

    /// From now on what `path` has is another file of the same length.
    void tamper(String path) {
        tampered.add(path);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void serve(String path, Answer answer) {
        server.createContext(
                path,
                exchange -> {
                    var headers = exchange.getRequestHeaders();
                    requests.add(
                            exchange.getRequestURI().getPath()
                                    + (headers.containsKey("If-Modified-Since") ? " since" : "")
                                    + (headers.containsKey("Authorization") ? " authorized" : "")
                                    + (headers.containsKey("Range")
                                            ? " " + headers.getFirst("Range")
                                            : ""));
                    try (exchange) {
                        answer.to(exchange);
                    }
                });
    }

    /// All requests so far: path, then `since` where it was conditional, and the range.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private long count(String path) {
        return requests.stream().filter(r -> r.equals(path) || r.startsWith(path + " ")).count();
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private void hello(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Last-Modified", MODIFIED);
        if (MODIFIED.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"))) {
            exchange.sendResponseHeaders(304, -1);
        } else {
            say(exchange, 200, "hello\n");
        }
    }

    private static void cut(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("ETag", TAG);
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && TAG.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
            exchange.sendResponseHeaders(206, bytes.length - from);
            exchange.getResponseBody().write(bytes, from, bytes.length - from);
        } else {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
        }
    }

    private void changing(HttpExchange exchange) throws IOException {
        if (count("/changing") == 1) {
            cut(exchange, LONG);
        } else {
            exchange.getResponseHeaders().set("ETag", "\"v2\"");
            say(exchange, 200, "another file\n");
        }
    }

    private void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0); // of no length that is told
        byte[] block = new byte[64 << 10];
        for (int i = 0; i < 4_096; i++) {
            exchange.getResponseBody().write(block);
        }
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
    }

    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Path file = directory.resolve(path.substring(1));
        if (Files.isDirectory(file)) {
            file = file.resolve("index.html");
            exchange.getResponseHeaders().set("Content-Type", "text/html");
        }
        if (failing.remove(path)) {
            say(exchange, 500, "not now\n");
        } else if (cutting.remove(path)) {
            byte[] bytes = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
        } else if (Files.isRegularFile(file)) {
            byte[] bytes = Files.readAllBytes(file);
            if (tampered.contains(path)) {
                bytes[bytes.length / 2] ^= 1;
            }
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } else {
            say(exchange, 404, "no such file\n");
        }
    }

    /// Its port.
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
