package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Two servers on loopback, one in plain HTTP and one with TLS, that stand for whatever a machine
/// connects to: `/hello` greets, `/size` tells how many bytes came.
final class LoopbackServers implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer plain;
    private final HttpsServer tls;

    private LoopbackServers(SSLContext context) throws IOException {
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = HttpServer.create(here, 0);
        tls = HttpsServer.create(here, 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(context));
        serve(plain, "plain");
        serve(tls, "TLS");
    }

    private void serve(HttpServer server, String client) {
        server.setExecutor(threads);
        server.createContext("/hello", exchange -> say(exchange, "hello, " + client + " client\n"));
        server.createContext(
                "/size",
                exchange ->
                        say(
                                exchange,
                                exchange.getRequestBody().readAllBytes().length + " bytes\n"));
        server.start();
    }

    static LoopbackServers start(Path directory) throws Exception {
        Path keys = directory.resolve("servers.p12");
        var keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                                "-genkeypair",
                                "-J-XX:TieredStopAtLevel=1",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=secure.example",
                                "-storepass",
                                new String(PASSWORD),
                                "-keystore",
                                keys.toString())
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new LoopbackServers(context);
    }

    private static void say(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    int plain() {
        return plain.getAddress().getPort();
    }

    int tls() {
        return tls.getAddress().getPort();
    }

    @Override
    public void close() {
        plain.stop(0);
        tls.stop(0);
        threads.close();
    }
}
