package airlock.plan;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Accepts files by HTTPS and PUT on loopback, as `localhost` with a certificate of its own, at the
/// only port that dput supports.
final class UploadServer implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final HttpsServer server;
    private final Path certificate;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    private UploadServer(HttpsServer server, SSLContext context, Path certificate) {
        this.server = server;
        this.certificate = certificate;
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/",
                exchange -> {
                    boolean isPut = exchange.getRequestMethod().equals("PUT");
                    byte[] bytes = exchange.getRequestBody().readAllBytes();
                    if (isPut) {
                        files.put(exchange.getRequestURI().getPath(), bytes);
                    }
                    exchange.sendResponseHeaders(isPut ? 201 : 405, -1);
                    exchange.close();
                });
        server.start();
    }

    /// Binds the port, which few users may.
    static HttpsServer bind() throws IOException {
        return HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 443), 0);
    }

    /// @param directory for its key
    static UploadServer start(HttpsServer server, Path directory) throws Exception {
        Path keys = directory.resolve("upload.p12");
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                                "-genkeypair",
                                "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-keyalg", "EC", "-dname", "CN=localhost", "-alias", "upload"));
        command.addAll(List.of("-ext", "san=dns:localhost", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", keys.toString()));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("no key: " + command);
        }
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        byte[] encoded = store.getCertificate("upload").getEncoded();
        Path certificate =
                Files.writeString(
                        directory.resolve("upload.pem"),
                        "-----BEGIN CERTIFICATE-----\n"
                                + Base64.getMimeEncoder().encodeToString(encoded)
                                + "\n-----END CERTIFICATE-----\n");
        return new UploadServer(server, context, certificate);
    }

    /// The certificate that a client must trust.
    Path certificate() {
        return certificate;
    }

    /// Uploaded files by path.
    Map<String, byte[]> files() {
        return Map.copyOf(files);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
