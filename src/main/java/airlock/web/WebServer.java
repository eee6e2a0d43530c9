package airlock.web;

import airlock.event.TooSlowException;
import airlock.text.SafeText;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The HTTP server. Plain HTTP: a reverse proxy does TLS.
public final class WebServer implements AutoCloseable {
    /// How long open requests may take to end when the server stops.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    /// Idle timeout of connections while there are too many.
    private static final Duration IDLE_WHEN_CROWDED = Duration.ofSeconds(2);

    /// Idle timeout of unused connections while the server stops.
    private static final Duration IDLE_AT_END = Duration.ofMillis(100);

    /// Stricter than Javalin's default. Names of artifacts may have a percent sign, a backslash or
    /// a control character.
    private static final UriCompliance URIS =
            UriCompliance.from(
                    Set.of(
                            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));

    private static final String LOG = "/runs/{id}/log";
    private static final int PLATFORM_THREADS = 16;

    private static final int CONNECTIONS_PER_ADDRESS = 128;

    /// Bytes for a badge: the states of a push's runs.
    private static final long BADGE = 256 << 10;

    private final WebSettings settings;
    private final WebParts parts;
    private final SlowClients slowClients;
    private final Assets assets = new Assets();
    private final Errors errors;
    private final Pages pages;
    private final Lookup lookup;
    private final LiveLog liveLog;
    private final Javalin javalin;

    private WebServer(WebSettings settings, WebParts parts, InstantSource clock) {
        this.settings = settings;
        this.parts = parts;
        this.slowClients = new SlowClients(settings.slowest());
        this.lookup = new Lookup(parts);
        var templates = new PageTemplates(assets, clock, settings.slowest().multipliedBy(2));
        this.errors = new Errors(templates);
        this.pages = new Pages(parts, lookup, templates);
        this.liveLog = new LiveLog(parts, settings, clock);
        this.javalin = Javalin.create(this::configure);
    }

    /// Starts a server; it listens when this returns.
    ///
    /// @throws ListenException if it cannot listen on its address
    public static WebServer start(WebSettings settings, WebParts parts, InstantSource clock) {
        var server = new WebServer(settings, parts, clock);
        ListenException.start(server.javalin, settings.host(), settings.port());
        return server;
    }

    public int port() {
        return javalin.port();
    }

    /// Refuses new requests, lets open ones end, and stops.
    @Override
    public void close() {
        liveLog.stop();
        javalin.stop();
        slowClients.stopTimer();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.concurrency.useVirtualThreads = true;
        config.jetty.threadPool = threads();
        config.jetty.addConnector(this::connector);
        config.jetty.modifyServer(this::bounds);
        config.jetty.modifyServletContextHandler(
                context -> context.setErrorHandler(new FallbackErrors()));
        config.routes.exception(HttpResponseException.class, errors::refused);
        config.routes.exception(TooSlowException.class, errors::busy);
        config.routes.exception(Exception.class, errors::fault);
        routes(config);
    }

    private void routes(JavalinConfig config) {
        var hooks = new HookRoute(parts.hooks());
        var limits = new ReadLimits(parts.reading());
        var badges = new BadgeRoute(lookup, parts.views());
        var health = new Health(parts.readiness());
        built(config, limits, "/", pages::runs);
        built(config, limits, "/requests/{id}", pages::request);
        built(config, limits, "/runs/{id}", pages::run);
        built(config, limits, LOG, pages::log);
        built(config, limits, LOG + ".txt", ctx -> pages.wholeLog(ctx, LogFormat.TEXT));
        built(config, limits, LOG + ".jsonl", ctx -> pages.wholeLog(ctx, LogFormat.JSON));
        built(config, limits, LOG + ".html", ctx -> pages.wholeLog(ctx, LogFormat.HTML));
        config.routes.get("/runs/{id}/events", limits.of(ReadBudget.STREAM, this::events));
        built(config, limits, "/runs/{id}/artifacts", pages::artifacts);
        var api = new Api(parts, lookup);
        built(config, limits, "/runs/{id}/artifacts/<path>", api::artifact);
        get(config, "/badges/<path>", limits.of(BADGE, badges::handle));
        Api.ROUTES.forEach(
                (path, answer) ->
                        built(config, limits, Api.BASE + path, ctx -> answer.accept(api, ctx)));
        get(config, "/healthz", health::alive);
        get(config, "/readyz", health::ready);
        get(config, "/static/{name}", assets::answer);
        config.routes.post("/hooks/{forge}/<repository>", hooks::handle);
    }

    /// HEAD answers like GET, without the body; Javalin by itself answers every HEAD with 200.
    private static void get(JavalinConfig config, String path, Handler handler) {
        config.routes.get(path, handler);
        config.routes.head(path, handler);
    }

    private static void built(
            JavalinConfig config, ReadLimits limits, String path, Handler handler) {
        get(config, path, limits.of(ReadBudget.BUILDING, handler));
    }

    private void events(Context ctx) {
        var place = lookup.place(ctx);
        liveLog.handle(ctx, place.run(), () -> lookup.shows(ctx, place.repository().id()));
    }

    /// A few platform threads wait for the network; virtual threads serve requests, at most one for
    /// each connection.
    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(PLATFORM_THREADS);
        threads.setName("airlock-web");
        threads.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("airlock-request-", 0).factory()));
        return threads;
    }

    private Connector connector(Server server, HttpConfiguration http) {
        http.setUriCompliance(URIS);
        http.setSendXPoweredBy(false);
        http.setSendDateHeader(true);
        var connector = connector(server, http, settings.host(), settings.port(), settings.idle());
        connector.setShutdownIdleTimeout(IDLE_AT_END.toMillis());
        connector.addBean(new ConnectionLimit(CONNECTIONS_PER_ADDRESS));
        return connector;
    }

    static ServerConnector connector(
            Server server, HttpConfiguration http, String host, int port, Duration idle) {
        http.setSendServerVersion(false);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        return connector;
    }

    private void bounds(Server server) {
        server.insertHandler(new SecurityHeaders());
        server.insertHandler(slowClients);
        server.insertHandler(new GracefulHandler());
        server.setErrorHandler(new FallbackErrors());
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        var limit = new NetworkConnectionLimit(settings.connections(), server);
        limit.setEndPointIdleTimeout(IDLE_WHEN_CROWDED.toMillis());
        server.addBean(limit);
    }

    /// Serves requests within the [ReadBudget], and answers 503 if it is used up.
    static final class ReadLimits {
        /// Requests that one address may have open; people behind one address follow many runs.
        private static final int PER_ADDRESS = 100;

        private final ReadBudget budget;
        private final Quota readers = new Quota(Long.MAX_VALUE, PER_ADDRESS);

        ReadLimits(ReadBudget budget) {
            this.budget = budget;
        }

        Handler of(long bytes, Handler handler) {
            return ctx -> {
                var exchange = Exchange.of(ctx);
                if (!readers.take(exchange.address(), 1, Duration.ZERO)) {
                    throw Errors.busy(budget.patienceSeconds());
                }
                try {
                    exchange.hold(
                            budget.take(exchange.address(), bytes)
                                    .orElseThrow(() -> Errors.busy(budget.patienceSeconds())));
                    handler.handle(ctx);
                } finally {
                    readers.release(exchange.address(), 1);
                }
            };
        }
    }

    /// Closes connections of an address that has too many. Loopback is not counted: that is a proxy
    /// in front of all clients, which has limits of its own.
    static final class ConnectionLimit implements Connection.Listener {
        private final Quota places;

        /// Addresses by connection, since a closed connection has none.
        private final Map<Connection, String> counted = new ConcurrentHashMap<>();

        ConnectionLimit(int most) {
            this.places = new Quota(Long.MAX_VALUE, most);
        }

        @Override
        public void onOpened(Connection connection) {
            if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
                    && !peer.getAddress().isLoopbackAddress()) {
                String address = Exchange.address(peer.getAddress().getHostAddress(), null);
                if (places.take(address, 1, Duration.ZERO)) {
                    counted.put(connection, address);
                } else {
                    connection.getEndPoint().close();
                }
            }
        }

        @Override
        public void onClosed(Connection connection) {
            String address = counted.remove(connection);
            if (address != null) {
                places.release(address, 1);
            }
        }
    }

    /// Answers requests that reach no route, such as bytes that are not HTTP, without Jetty's error
    /// page, stack traces or names of programs.
    static final class FallbackErrors implements Request.Handler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException e) {
                response.setStatus(e.getCode());
            }
            SecurityHeaders.put(response.getHeaders());
            response.getHeaders().put("Content-Type", HttpProblem.CONTENT_TYPE);
            response.getHeaders().put("Cache-Control", "no-store");
            byte[] body = HttpProblem.of(response.getStatus()).json();
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }

    /// The server cannot listen on its address; the message says what to do.
    public static final class ListenException extends RuntimeException {
        private ListenException(String address, JavalinBindException cause) {
            super(
                    "cannot listen on %s: another program has this port, or it is not this user's to open (ports below 1024); `ss -ltnp` shows which, `listen` and `metrics` of the configuration name another"
                            .formatted(address),
                    cause);
        }

        static void start(Javalin server, String host, int port) {
            try {
                server.start();
            } catch (JavalinBindException e) {
                throw new ListenException(host + ":" + port, e);
            }
        }
    }

    /// `/healthz` and `/readyz`, for monitoring.
    static final class Health {
        private static final String PLAIN = "text/plain; charset=utf-8";

        private final Readiness readiness;

        Health(Readiness readiness) {
            this.readiness = readiness;
        }

        /// 200 as long as the process answers.
        void alive(Context ctx) {
            ctx.contentType(PLAIN).header("Cache-Control", "no-store").result("ok\n");
        }

        /// 200 if all checks pass, else 503; one line for each check.
        void ready(Context ctx) {
            var text = new StringBuilder();
            boolean ready = true;
            for (var check : readiness.checks()) {
                ready &= check.ready();
                text.append(check.name())
                        .append(check.ready() ? ": ok" : ": not ready")
                        .append(
                                check.detail().isEmpty()
                                        ? ""
                                        : ", " + SafeText.line(check.detail()))
                        .append('\n');
            }
            ctx.status(ready ? 200 : 503)
                    .contentType(PLAIN)
                    .header("Cache-Control", "no-store")
                    .result(text.toString());
        }
    }
}
