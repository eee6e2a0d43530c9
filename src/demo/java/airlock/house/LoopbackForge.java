package airlock.house;

import airlock.house.ForgeApi.Reply;
import airlock.house.ForgeRouter.Call;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A forge on loopback for tests and the demo: bare repositories over smart HTTP, the status API
/// of Gitea (`/api/v1`) and of GitHub (`/api/v3`), and a signed webhook for every push. It
/// remembers what it was told and misbehaves on request.
///
/// **Threads**: any. **Failures**: [#failNext].
public final class LoopbackForge implements AutoCloseable {
    /// A token that may do everything.
    public static final String TOKEN = "a-token-of-the-loopback-forge";

    private static final Pattern GIT = Pattern.compile("/([^/]+/[^/]+)\\.git(/.*)");
    private static final String PUSH = "git-receive-pack";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ForgeState state = new ForgeState();
    private final GiteaApi gitea;
    private final GithubApi github;
    private final HookSender sender;
    private final Map<Long, HookSender.Hook> hooks = new ConcurrentHashMap<>();
    private final List<HookSender.Sent> sent = new CopyOnWriteArrayList<>();
    private final Deque<ForgeFault> faults = new ArrayDeque<>();
    private volatile Consumer<HookSender.Sent> onHook = _ -> {};
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger allowance = new AtomicInteger(Integer.MAX_VALUE);
    private volatile Instant allowanceUntil = Instant.EPOCH;
    private volatile boolean away;

    private LoopbackForge(HttpServer server) {
        this.server = server;
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        gitea = new GiteaApi(url);
        github = new GithubApi(url + "/api/v3");
        sender = new HookSender(gitea, github);
        state.token(TOKEN, true);
    }

    /// Starts on 127.0.0.1.
    ///
    /// @param port 0 for any free one
    public static LoopbackForge start(int port) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            var forge = new LoopbackForge(HttpServer.create(address, 128));
            forge.server.setExecutor(forge.threads);
            forge.server.createContext("/", forge::serve);
            forge.server.start();
            return forge;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The address for people and git; the APIs are below `/api/v1` and `/api/v3`.
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Hosts a repository whose bare directory is made where it is missing.
    ///
    /// @param hidden whether it takes a token to see it
    public HostedRepository host(long id, String name, Path bare, boolean hidden) {
        var repository = HostedRepository.create(id, name, bare, hidden);
        state.host(repository);
        return repository;
    }

    /// From now on the old name answers 301.
    public void rename(long id, String name) {
        state.host(state.find(id).orElseThrow().renamed(name));
    }

    /// Sends a webhook for every branch and tag that is pushed over HTTP.
    public void hook(long id, URI url, String secret, boolean likeGithub) {
        hooks.put(id, new HookSender.Hook(url, secret, likeGithub));
    }

    /// Lets `token` in, to read or also to write.
    public void token(String token, boolean writes) {
        state.token(token, writes);
    }

    /// Offers a change request, or changes how it stands; no webhook is sent.
    public void change(long id, HostedChange change) {
        var bare = state.find(id).orElseThrow().bare().toString();
        String ref = "refs/pull/" + change.number() + "/head";
        Programs.run("git", "-C", bare, "update-ref", ref, change.head());
        state.change(id, change);
    }

    /// While away, connections to API and git are closed without an answer.
    public void away(boolean isAway) {
        away = isAway;
    }

    /// From now on so many API questions are answered and no more: 403 as GitHub does, 429 as a
    /// proxy before Gitea does. Both name `until` as the end of that.
    public void allowance(int questions, Instant until) {
        allowance.set(questions);
        allowanceUntil = until;
    }

    /// The questions that the API was asked, path and parameters, with the status of the answer.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /// The next status that is posted meets `fault`; several wait in line.
    public void failNext(ForgeFault fault) {
        synchronized (faults) {
            faults.add(fault);
        }
    }

    /// All statuses that were stored, in their order.
    public List<PostedStatus> statuses() {
        return state.statuses();
    }

    /// The state of every status of a commit and context, in their order.
    public List<String> states(String commit, String context) {
        return statuses().stream()
                .filter(s -> s.commit().equals(commit) && s.context().equals(context))
                .map(PostedStatus::state)
                .toList();
    }

    /// The webhooks that were sent, in their order.
    public List<HookSender.Sent> sentHooks() {
        return List.copyOf(sent);
    }

    /// The body of the last webhook that was sent.
    public byte[] lastHook() {
        return sent.getLast().body();
    }

    /// Sends the last webhook once more, as a person does whose delivery had no answer; returns
    /// the answer's status, 0 for none.
    public int sendLastAgain(long id) {
        var again = sender.again(Objects.requireNonNull(hooks.get(id)), sent.getLast());
        sent.add(again);
        return again.status();
    }

    /// Called for each status that is stored.
    public void onStatus(Consumer<PostedStatus> listener) {
        state.onStatus(listener);
    }

    /// Called for each webhook that was sent.
    public void onHook(Consumer<HookSender.Sent> listener) {
        onHook = listener;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (away) {
                return;
            }
            String path = exchange.getRequestURI().getPath();
            var git = GIT.matcher(path);
            if (path.startsWith("/api/v1/")) {
                answer(exchange, gitea);
            } else if (path.startsWith("/api/v3/")) {
                answer(exchange, github);
            } else if (git.matches() && state.find(git.group(1)).isPresent()) {
                serveGit(exchange, state.find(git.group(1)).get(), git.group(2));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void serveGit(HttpExchange exchange, HostedRepository repository, String path)
            throws IOException {
        boolean pushing = exchange.getRequestURI().toString().contains(PUSH);
        var token = token(exchange);
        if (!(pushing ? state.mayWrite(token) : state.maySee(repository, token))) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"loopback\"");
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        var before = pushing ? repository.tips() : Map.<String, String>of();
        GitBackend.serve(exchange, repository, path, pushing ? repository.owner() : "");
        var hook = hooks.get(repository.id());
        if (path.equals("/" + PUSH) && hook != null) {
            var announced = sender.announce(repository, hook, before, repository.tips());
            sent.addAll(announced);
            announced.forEach(onHook);
        }
    }

    private void answer(HttpExchange exchange, ForgeApi api) throws IOException {
        var router = new ForgeRouter(state, api);
        var call = call(exchange);
        boolean status = call.posting() && call.path().contains("/statuses/");
        switch (status ? nextFault() : new ForgeFault.None()) {
            case ForgeFault.None _ ->
                    reply(
                            exchange,
                            call.posting() ? router.answer(call) : told(exchange, router, call));
            case ForgeFault.Answer bad ->
                    reply(exchange, new Reply(bad.status(), bad.headers(), Map.of("message", "")));
            case ForgeFault.DropBefore _ -> {}
            case ForgeFault.DropAfter _ -> router.answer(call);
            case ForgeFault.Slow slow -> {
                var answer = router.answer(call);
                pause(slow);
                reply(exchange, answer);
            }
        }
    }

    /// Answers a question within the allowance; 304 where the asker knows the answer (GitHub).
    private Reply told(HttpExchange exchange, ForgeRouter router, Call call) {
        int left = allowance.decrementAndGet();
        var reply = left < 0 ? refusal(router) : router.answer(call);
        if (left >= 0 && router.api() == github && reply.status() == 200) {
            String etag = "W/\"" + Integer.toHexString(reply.body().hashCode()) + "\"";
            var headers = new HashMap<>(reply.headers());
            headers.putAll(limits(left));
            headers.put("ETag", etag);
            boolean known = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            if (known) {
                allowance.incrementAndGet(); // such an answer is for nothing
            }
            reply = new Reply(known ? 304 : 200, headers, known ? Map.of() : reply.body());
        }
        asked.add(exchange.getRequestURI() + " " + reply.status());
        return reply;
    }

    private Reply refusal(ForgeRouter router) {
        String until =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(allowanceUntil.atZone(ZoneOffset.UTC));
        return router.api() == github
                ? new Reply(403, limits(0), Map.of("message", "API rate limit exceeded"))
                : new Reply(429, Map.of("Retry-After", until), Map.of("message", "slow down"));
    }

    private Map<String, String> limits(int left) {
        return Map.of(
                "x-ratelimit-limit",
                "5000",
                "x-ratelimit-remaining",
                "" + left,
                "x-ratelimit-reset",
                "" + allowanceUntil.getEpochSecond());
    }

    private static Call call(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        return new Call(
                exchange.getRequestMethod().equals("POST"),
                uri.getPath().substring("/api/v1".length()),
                Objects.requireNonNullElse(uri.getQuery(), ""),
                token(exchange),
                Objects.requireNonNullElse(
                        exchange.getRequestHeaders().getFirst("Content-Type"), ""),
                exchange.getRequestBody().readAllBytes());
    }

    private ForgeFault nextFault() {
        synchronized (faults) {
            return Objects.requireNonNullElse(faults.poll(), new ForgeFault.None());
        }
    }

    private static void pause(ForgeFault.Slow slow) {
        try {
            TimeUnit.NANOSECONDS.sleep(slow.delay().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reply(HttpExchange exchange, Reply reply) throws IOException {
        reply.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.getResponseHeaders().add("Content-Type", "application/json;charset=utf-8");
        boolean empty = Map.of().equals(reply.body());
        byte[] bytes = empty ? new byte[0] : JSON.writeValueAsBytes(reply.body());
        exchange.sendResponseHeaders(reply.status(), empty ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// The token of `Authorization: token …`, `Bearer …` or the password of `Basic …`.
    private static Optional<String> token(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null) {
            return Optional.empty();
        }
        String value = header.substring(header.indexOf(' ') + 1).strip();
        if (header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
            String pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
            return Optional.of(pair.substring(pair.indexOf(':') + 1));
        }
        return Optional.of(value);
    }
}
