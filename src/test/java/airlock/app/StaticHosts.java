package airlock.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Serves directories on loopback with TLS, one for each host, with a certificate of its own.
final class StaticHosts implements AutoCloseable {
    static final String PASSWORD = "changeit";

    /// The requests: host, path, and the header Authorization or null.
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path root;
    private final Path keys;
    private final HttpsServer server;

    private StaticHosts(Path root, Path keys, HttpsServer server) {
        this.root = root;
        this.keys = keys;
        this.server = server;
    }

    /// @param root has a directory for each of `hosts`, then or later
    /// @param keys an empty directory for its key
    static StaticHosts start(Path root, Path keys, List<String> hosts) throws Exception {
        makeKey(keys, hosts);
        var server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys.resolve("server.p12"))));
        var started = new StaticHosts(root, keys, server);
        server.setExecutor(started.threads);
        server.createContext("/", started::answer);
        server.start();
        return started;
    }

    /// A key in `server.p12`, its certificate in `ca.pem`, and in `trust.p12` for Java.
    private static void makeKey(Path keys, List<String> hosts) throws Exception {
        String names = String.join(",dns:", hosts);
        keytool(
                keys.resolve("server.p12"),
                "-genkeypair -keyalg EC -ext bc=ca:true -ext san=dns:" + names,
                "-dname",
                "CN=hosts of a test");
        String pem = keys.resolve("ca.pem").toString();
        keytool(keys.resolve("server.p12"), "-exportcert -rfc", "-file", pem);
        keytool(keys.resolve("trust.p12"), "-importcert -noprompt", "-file", pem);
    }

    private static void keytool(Path store, String words, String... more) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
        command.addAll(List.of(words.split(" ")));
        command.add("-J-XX:TieredStopAtLevel=1");
        command.addAll(List.of(more));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
        Registries.run(command.toArray(String[]::new));
    }

    private static SSLContext context(Path file) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getAddress().getPort();
    }

    Path certificate() {
        return keys.resolve("ca.pem");
    }

    Path trustStore() {
        return keys.resolve("trust.p12");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host").replaceFirst(":.*", "");
            String path = exchange.getRequestURI().getPath();
            requests.add(
                    "%s %s %s"
                            .formatted(
                                    host,
                                    path,
                                    exchange.getRequestHeaders().getFirst("Authorization")));
            Path file = root.resolve(host).resolve(path.substring(1)).normalize();
            if (Files.isDirectory(file)) {
                file = file.resolve("index.html");
            }
            if (!file.startsWith(root.resolve(host)) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            if (file.endsWith("index.html")) {
                exchange.getResponseHeaders().add("Content-Type", "text/html");
            }
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, isHead ? -1 : content.length);
            if (!isHead) {
                exchange.getResponseBody().write(content);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
