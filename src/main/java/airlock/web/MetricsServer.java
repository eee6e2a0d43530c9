package airlock.web;

import airlock.web.WebServer.ListenException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// `/metrics` on an address of its own, so that a firewall can separate monitoring from users. It
/// has no access control.
public final class MetricsServer implements AutoCloseable {
    private static final int THREADS = 8;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Javalin javalin;

    private MetricsServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /// Starts a server; it listens when this returns.
    ///
    /// @param port 0 for any free one
    /// @param contentType of the bytes from `scrape`
    /// @throws ListenException if it cannot listen on its address
    public static MetricsServer start(
            String host, int port, String contentType, Supplier<byte[]> scrape) {
        var javalin =
                Javalin.create(
                        config -> {
                            listen(config, host, port);
                            config.routes.get(
                                    "/metrics",
                                    ctx -> {
                                        ctx.header("X-Content-Type-Options", "nosniff");
                                        ctx.header("Cache-Control", "no-store");
                                        ctx.contentType(contentType).result(scrape.get());
                                    });
                        });
        ListenException.start(javalin, host, port);
        return new MetricsServer(javalin);
    }

    private static void listen(JavalinConfig config, String host, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        var threads = new QueuedThreadPool(THREADS);
        threads.setName("airlock-metrics");
        config.jetty.threadPool = threads;
        config.jetty.addConnector(
                (server, http) -> WebServer.connector(server, http, host, port, IDLE));
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
