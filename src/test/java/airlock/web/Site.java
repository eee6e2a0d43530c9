package airlock.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server on loopback over things in memory, and a client for it.
final class Site implements AutoCloseable {
    /// Opens [Samples#SECRET].
    static final String TOKEN = "airlock_" + "0f".repeat(32);

    final InMemoryViews views = new InMemoryViews();
    final InMemoryStatuses statuses = new InMemoryStatuses();

    /// What was looked up, in order, since it was last cleared.
    final List<String> steps = new CopyOnWriteArrayList<>();
    final InMemoryLogs logs = new InMemoryLogs();
    final InMemoryArtifacts artifacts = new InMemoryArtifacts();
    final ReadBudget reading = budget();
    final RecordingHooks hooks = new RecordingHooks();
    /// Whether [#TOKEN] opens what it is for.
    volatile boolean tokenIsGood = true;

    final List<Readiness.Check> checks = new CopyOnWriteArrayList<>();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final WebServer server;

    Site() {
        this(settings());
    }

    Site(WebSettings settings) {
        this(settings, InstantSource.fixed(Samples.NOW));
    }

    Site(WebSettings settings, InstantSource clock) {
        this.server =
                WebServer.start(
                        settings,
                        new WebParts(
                                this::sight,
                                new RecordedViews(views, steps),
                                new RecordedStatuses(statuses, steps),
                                logs,
                                artifacts,
                                hooks,
                                () -> List.copyOf(checks),
                                reading),
                        clock);
    }

    /// What is read is counted here.
    static ReadBudget budget() {
        return new ReadBudget(3 * ReadBudget.BUILDING, Duration.ofMillis(500));
    }

    private Sight sight(Reader reader) {
        steps.add("visibility");
        boolean opened =
                tokenIsGood
                        && reader instanceof Reader.Bearer bearer
                        && bearer.token().reveal().equals(TOKEN);
        return new ListedSight(
                opened
                        ? List.of(Samples.SHIP, Samples.BUOY, Samples.SECRET)
                        : List.of(Samples.SHIP, Samples.BUOY),
                opened);
    }

    /// Bounds that suit a test: whoever is not meant to be slow has time on a loaded machine too.
    static WebSettings settings() {
        return settings(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    /// With bounds on silence and slowness that a test waits for.
    static WebSettings settings(Duration idle, Duration slowest) {
        return new WebSettings("127.0.0.1", 0, 50, 4, idle, slowest, Duration.ofMillis(300));
    }

    int port() {
        return server.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    /// As a browser asks.
    HttpResponse<String> page(String path) {
        return get(path, "Accept", "text/html,application/xhtml+xml");
    }

    HttpResponse<InputStream> open(String path, String... headers) {
        return send(
                request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    HttpRequest.Builder request(String path, String... headers) {
        var builder = HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(30));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + request.uri(), e);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
