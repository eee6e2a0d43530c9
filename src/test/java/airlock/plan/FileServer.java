package airlock.plan;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Serves files by HTTP on loopback, some with faults: `/hello` supports conditional requests,
/// `/flaky` fails once, `/cut` ends early once, `/changing` does too and then is another file; all
/// others come from a directory.
public final class FileServer extends ServerFaults implements AutoCloseable {
    /// The content of `/cut`.
    public static final String LONG = "a line that is long enough to be cut in two\n".repeat(5_000);

    private static final String MODIFIED = "Sat, 03 Jan 2026 10:20:30 GMT";
    private static final String TAG = "\"v1\"";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Other> others = new CopyOnWriteArrayList<>();
    private final Path directory;

    /// Starts a server.
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

    /// Serves files of another directory that the first one lacks.
    ///
    /// @param prefix with a slash at its end
    public void beside(String prefix, Path place) {
        others.add(new Other(prefix, place));
    }

    /// Relays requests below `prefix` to another server, with the same faults as files.
    ///
    /// @param base that server
    public void relay(String prefix, URI base) {
        serve(prefix, exchange -> relay(exchange, base));
    }

    private record Other(String prefix, Path place) {}

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

    /// All requests so far: the path, `since` if it was conditional, and the range.
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
        exchange.sendResponseHeaders(200, 0); // of unknown length
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
        Path file = place(path);
        if (Files.isDirectory(file)) {
            file = file.resolve("index.html");
            exchange.getResponseHeaders().set("Content-Type", "text/html");
        }
        int instead = instead(path);
        if (instead != 0) {
            say(exchange, instead, "not now\n");
        } else if (Files.isRegularFile(file)) {
            send(exchange, path, 200, Files.readAllBytes(file));
        } else {
            say(exchange, 404, "no such file\n");
        }
    }

    private Path place(String path) {
        Path first = directory.resolve(path.substring(1));
        return Files.exists(first)
                ? first
                : others.stream()
                        .filter(other -> path.startsWith(other.prefix()))
                        .map(
                                other ->
                                        other.place()
                                                .resolve(path.substring(other.prefix().length())))
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(first);
    }

    private void relay(HttpExchange exchange, URI base) throws IOException {
        byte[] asked = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        int instead = instead(path);
        if (instead != 0) {
            say(exchange, instead, "not now\n");
            return;
        }
        var request =
                HttpRequest.newBuilder(base.resolve(exchange.getRequestURI().toString()))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(asked));
        for (String name : List.of("Content-Type", "Content-Encoding", "Git-Protocol")) {
            exchange.getRequestHeaders()
                    .getOrDefault(name, List.of())
                    .forEach(value -> request.header(name, value));
        }
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            send(exchange, path, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            throw new IOException("stopped", e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
