package airlock.statuses;

import airlock.config.ForgeConfig;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.forge.ForgeRepository;
import airlock.forge.HttpStatuses;
import airlock.forge.StatusPoster;
import airlock.house.PromptSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A scripted Gitea on loopback with one repository, which records the statuses that it accepted.
final class ScriptedForge implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern STATUS =
            Pattern.compile("/api/v1/repos/([^/]+/[^/]+)/statuses/([0-9a-f]+)");
    private static final Pattern COMBINED =
            Pattern.compile("/api/v1/repos/([^/]+/[^/]+)/commits/([0-9a-f]+)/status");

    /// The fate of a posted status.
    sealed interface Fault {
        record None() implements Fault {}

        record Refused(int status, String... headers) implements Fault {}

        /// It is lost, and the connection ends without an answer.
        record Lost() implements Fault {}

        /// It is accepted, and the connection ends without an answer.
        record Unanswered() implements Fault {}

        /// It is accepted, and the answer never comes.
        record Silent() implements Fault {}

        /// The connection ends without an answer; [#arrive()] accepts it later.
        record Underway() implements Fault {}
    }

    record Taken(String commit, String context, String state, String description, String target) {}

    final RepositoryId repository;
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();

    private final MockWebServer server = new MockWebServer();
    private final List<Taken> taken = new ArrayList<>();
    private final List<Taken> underway = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private Supplier<Fault> otherwise = Fault.None::new;
    private BooleanSupplier askFails = () -> false;
    private Runnable onPost = () -> {};
    private final Map<RepositoryId, String> others = new HashMap<>();
    private final Map<String, Integer> refused = new HashMap<>();
    private String missing = "";
    private String token = "a-secret-token";
    private String name = "alice/widget";

    ScriptedForge(String forge) {
        repository = new RepositoryId(forge, "7");
        server.setDispatcher(
                new Dispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request) {
                        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                        try {
                            return answer(request);
                        } finally {
                            atOnce.decrementAndGet();
                        }
                    }
                });
        try {
            server.setServerSocketFactory(new PromptSockets());
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StatusPoster poster(InstantSource clock, Duration limit) {
        URI url = URI.create(server.url("/").toString());
        return new HttpStatuses(
                new ForgeConfig(
                        repository.forge(),
                        ForgeKind.GITEA,
                        url,
                        Optional.of(url.resolve("/api/v1")),
                        new Secret(token)),
                clock,
                limit);
    }

    /// The repository with its configured name, which may be outdated.
    Optional<ForgeRepository> configured(RepositoryId id) {
        return id.equals(repository)
                ? Optional.of(new ForgeRepository(repository, "alice/widget"))
                : Optional.ofNullable(others.get(id)).map(other -> new ForgeRepository(id, other));
    }

    synchronized RepositoryId another(String fullName, long id) {
        var other = new RepositoryId(repository.forge(), Long.toString(id));
        others.put(other, fullName);
        return other;
    }

    /// Answers each status for this repository with `status`; 0 means normally.
    synchronized void refuse(String fullName, int status) {
        refused.put(fullName, status);
    }

    /// Answers as Gitea does for an unknown commit.
    synchronized void lacks(String commit) {
        missing = commit;
    }

    synchronized void token(String text) {
        token = text;
    }

    synchronized ScriptedForge next(Fault... next) {
        faults.addAll(List.of(next));
        return this;
    }

    synchronized void otherwise(Supplier<Fault> supplier) {
        otherwise = supplier;
    }

    /// Whether requests for the latest status get a 503.
    synchronized void askFails(BooleanSupplier supplier) {
        askFails = supplier;
    }

    synchronized void onPost(Runnable action) {
        onPost = action;
    }

    synchronized void rename(String other) {
        name = other;
    }

    synchronized void arrive() {
        taken.addAll(underway);
        underway.clear();
    }

    synchronized List<Taken> taken() {
        return List.copyOf(taken);
    }

    synchronized List<String> states(String context) {
        return taken.stream().filter(t -> t.context().equals(context)).map(Taken::state).toList();
    }

    int requests() {
        return server.getRequestCount();
    }

    private MockResponse answer(RecordedRequest request) {
        String path = request.getUrl().encodedPath();
        var status = STATUS.matcher(path);
        var combined = COMBINED.matcher(path);
        if (path.equals("/api/v1/repositories/" + repository.id())) {
            return json(200, Map.of("id", Long.parseLong(repository.id()), "full_name", name()));
        }
        if (path.equals("/api/v1/repos/" + name())) {
            return json(200, Map.of("id", Long.parseLong(repository.id()), "full_name", name()));
        }
        if (path.contains("/git/commits/")) {
            return json(hasCommit(path) ? 200 : 404, Map.of());
        }
        if (status.matches() && isOther(status.group(1))) {
            return post(request, status.group(2));
        }
        if (status.matches() && refusal(status.group(1)) > 0) {
            return json(refusal(status.group(1)), Map.of());
        }
        if (status.matches() && !hasCommit(status.group(2))) {
            return json(500, Map.of());
        }
        if (status.matches()) {
            return status.group(1).equals(name())
                    ? post(request, status.group(2))
                    : moved(status.group(1), path);
        }
        if (combined.matches()) {
            asked.incrementAndGet();
            return combined.group(1).equals(name())
                    ? combined(combined.group(2))
                    : moved(combined.group(1), path);
        }
        return json(404, Map.of("message", path));
    }

    private synchronized boolean isOther(String fullName) {
        return others.containsValue(fullName);
    }

    private synchronized int refusal(String fullName) {
        return refused.getOrDefault(fullName, 0);
    }

    private synchronized boolean hasCommit(String text) {
        return missing.isEmpty() || !text.endsWith(missing);
    }

    private synchronized String name() {
        return name;
    }

    private MockResponse moved(String old, String path) {
        return new MockResponse.Builder()
                .code(301)
                .addHeader("Location", path.replace(old, name()))
                .build();
    }

    private MockResponse post(RecordedRequest request, String commit) {
        JsonNode body = JSON.readTree(request.getBody().utf8());
        var status =
                new Taken(
                        commit,
                        body.path("context").stringValue(),
                        body.path("state").stringValue(),
                        body.path("description").stringValue(),
                        body.path("target_url").stringValue());
        action().run();
        return post(status);
    }

    private synchronized Runnable action() {
        return onPost;
    }

    private synchronized MockResponse post(Taken status) {
        Fault fault = faults.isEmpty() ? otherwise.get() : faults.poll();
        return switch (fault) {
            case Fault.None _ -> {
                taken.add(status);
                // no body: the mock sends it in a separate packet, which costs 40 ms (Nagle)
                yield new MockResponse.Builder().code(201).build();
            }
            case Fault.Refused refused -> {
                var answer = new MockResponse.Builder().code(refused.status());
                List.of(refused.headers()).forEach(answer::addHeader);
                yield answer.build();
            }
            case Fault.Lost _ -> dropped();
            case Fault.Unanswered _ -> {
                taken.add(status);
                yield dropped();
            }
            case Fault.Silent _ -> {
                taken.add(status);
                yield new MockResponse.Builder()
                        .onResponseStart(SocketEffect.Stall.INSTANCE)
                        .build();
            }
            case Fault.Underway _ -> {
                underway.add(status);
                yield dropped();
            }
        };
    }

    private static MockResponse dropped() {
        return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
    }

    private synchronized MockResponse combined(String commit) {
        if (askFails.getAsBoolean()) {
            return json(503, Map.of());
        }
        Map<String, Map<String, String>> latest = new LinkedHashMap<>();
        for (Taken status : taken) {
            if (status.commit().equals(commit)) {
                latest.put(
                        status.context(),
                        Map.of(
                                "context", status.context(),
                                "status", status.state(),
                                "description", status.description(),
                                "target_url", status.target()));
            }
        }
        return json(200, Map.of("statuses", List.copyOf(latest.values())))
                .newBuilder()
                .addHeader("X-Total-Count", latest.size())
                .build();
    }

    private static MockResponse json(int code, Object body) {
        return new MockResponse.Builder().code(code).body(JSON.writeValueAsString(body)).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
