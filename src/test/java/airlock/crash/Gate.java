package airlock.crash;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An HTTP server on loopback that answers only after [#open(String)], so that a phase waits.
final class Gate implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, CountDownLatch> open = new ConcurrentHashMap<>();
    private final HttpServer server;

    Gate() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        String path = exchange.getRequestURI().getPath();
                        asked.add(path);
                        latch(path).await();
                        exchange.sendResponseHeaders(204, -1);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
        server.start();
    }

    private CountDownLatch latch(String path) {
        return open.computeIfAbsent(path, _ -> new CountDownLatch(1));
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Waits until a client requests `path`.
    void awaitRequest(String path) {
        await(path + " is requested")
                .atMost(Duration.ofMinutes(2))
                .until(() -> asked.contains(path));
    }

    /// Answers requests for `path` from now on.
    void open(String path) {
        latch(path).countDown();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
