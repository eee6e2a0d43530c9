package airlock.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Git's own server over HTTP on the loopback interface: `git http-backend` as a CGI program.
final class GitServer implements AutoCloseable {
    private final HttpServer server;
    private final Path root;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile String password = "";
    private volatile String protocol = "";
    private volatile @Nullable HttpHandler instead;

    /// Serves all repositories below `root`.
    GitServer(Path root) throws IOException {
        this.root = root;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /// The address of the repository in the directory `name` below the root.
    URI url(String name) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
    }

    /// Demands `user:password` from now on.
    void demand(String userAndPassword) {
        password = userAndPassword;
    }

    /// Lets `handler` answer from now on; null for git.
    void answer(@Nullable HttpHandler handler) {
        instead = handler;
    }

    /// Holds requests back until `end`, and counts `asked` down first.
    void stall(CountDownLatch asked, CountDownLatch end) {
        answer(
                _ -> {
                    asked.countDown();
                    await(end);
                });
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Treats all clients as speaking this protocol from now on; empty for their own.
    void protocol(String version) {
        protocol = version;
    }

    /// The `Authorization` of each request so far, empty if it had none.
    List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /// Methods and paths so far.
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            authorizations.add(header(exchange, "Authorization"));
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            HttpHandler other = instead;
            if (!password.isEmpty() && !isLetIn(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else if (other != null) {
                other.handle(exchange);
            } else {
                runGit(exchange);
            }
        }
    }

    private boolean isLetIn(HttpExchange exchange) {
        String expected =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(password.getBytes(StandardCharsets.UTF_8));
        return expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    /// Answers as git would.
    void runGit(HttpExchange exchange) throws IOException {
        var builder = new ProcessBuilder("git", "http-backend");
        GitRepo.clean(builder);
        var environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        environment.put(
                "QUERY_STRING",
                Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""));
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("CONTENT_TYPE", header(exchange, "Content-Type"));
        environment.put("HTTP_CONTENT_ENCODING", header(exchange, "Content-Encoding"));
        environment.put(
                "GIT_PROTOCOL", protocol.isEmpty() ? header(exchange, "Git-Protocol") : protocol);
        Process git = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var in = git.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = git.getInputStream()) {
            int status = 200;
            for (String line = line(out); !line.isEmpty(); line = line(out)) {
                String[] parts = line.split(": ", 2);
                if (parts[0].equals("Status")) {
                    status = Integer.parseInt(parts[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().add(parts[0], parts[1]);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            out.transferTo(exchange.getResponseBody());
        } finally {
            git.destroyForcibly();
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
