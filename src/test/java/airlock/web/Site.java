package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.results.Mark;
import airlock.results.RunView;
import airlock.results.Views;
import airlock.statuses.StatusViews;
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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A web server on loopback over things in memory, and a client for it.
final class Site implements AutoCloseable, AfterEachCallback {
    /// Opens [Samples#SECRET].
    static final String TOKEN = "airlock_" + "0f".repeat(32);

    final InMemoryViews views = new InMemoryViews();
    final InMemoryStatuses statuses = new InMemoryStatuses();

    /// The look-ups since the list was cleared.
    final List<String> steps = new CopyOnWriteArrayList<>();
    final WrittenLogs logs = new WrittenLogs(views);
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
                                Recorded.of(Views.class, views, steps),
                                Recorded.of(StatusViews.class, statuses, steps),
                                logs.stored(),
                                artifacts,
                                hooks,
                                () -> List.copyOf(checks),
                                reading),
                        clock);
    }

    static ReadBudget budget() {
        return new ReadBudget(3 * ReadBudget.BUILDING, Duration.ofMillis(500));
    }

    private Visibility.Sight sight(Optional<Secret> token) {
        steps.add("visibility");
        boolean opened = tokenIsGood && token.map(Secret::reveal).filter(TOKEN::equals).isPresent();
        return new ListedSight(
                opened
                        ? List.of(Samples.SHIP, Samples.BUOY, Samples.SECRET)
                        : List.of(Samples.SHIP, Samples.BUOY),
                opened);
    }

    /// Limits with enough time for a loaded machine.
    static WebSettings settings() {
        return settings(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    /// Limits whose timeouts a test waits for.
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

    /// As a browser does.
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

    /// A header of an answer; empty if it has none.
    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
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

    /// Adds the run `name` with a log and an artifact, whose verdict is `verdict`.
    RunView run(String name, Verdict verdict) {
        var run = show(name, verdict, "");
        logs.append(run.head().id(), Samples.STEP, 1, 0, "text\n");
        artifacts.put(run.head().id(), "report/index.html", new byte[1]);
        return run;
    }

    /// Adds the run `name`, without log and artifacts.
    RunView show(String name, Verdict verdict, String reason) {
        return show(name, Samples.ended(verdict, reason), Mark.of(verdict));
    }

    /// Adds the run `name`, which is running.
    RunView start(String name) {
        return show(name, new State.Running(), Mark.RUNNING);
    }

    private RunView show(String name, State state, Mark mark) {
        var run = Samples.view(Samples.head(name, state), mark);
        views.put(run);
        return run;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        server.close();
        client.close();
        logs.close();
    }

    /// A few repositories that are looked through one by one.
    ///
    /// @param opened whether a token opens all of them
    private record ListedSight(List<ShownRepository> repositories, boolean opened)
            implements Visibility.Sight {
        ListedSight {
            repositories = List.copyOf(repositories);
        }

        @Override
        public boolean opens(RepositoryId id) {
            return opened;
        }

        @Override
        public Optional<ShownRepository> with(RepositoryId id) {
            return repositories.stream().filter(one -> one.id().equals(id)).findFirst();
        }

        @Override
        public Optional<ShownRepository> at(String path) {
            return repositories.stream()
                    .filter(one -> one.path().equalsIgnoreCase(path))
                    .findFirst();
        }
    }
}
