package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// deploy/nginx.conf in a real nginx on loopback, with TLS, in front of a small server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NginxTest {
    private static final int MIB = 1 << 20;
    private static final String HOOK = "/hooks/home/alice/widget";

    private final CountDownLatch secondLine = new CountDownLatch(1);
    private HttpServer backend;
    private Process nginx;
    private HttpClient client;
    private SSLContext tlsContext;
    private int tls;
    private int plain;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        assumeTrue(
                Programs.hasProgram("nginx"),
                "nginx is not installed: apt-get install nginx-light");
        assumeTrue(
                Programs.hasProgram("openssl"),
                "openssl is not installed: apt-get install openssl");
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        backend.createContext("/hooks/", NginxTest::echoLength);
        backend.createContext("/log", this::twoLines);
        backend.start();
        tls = freePort();
        plain = freePort();
        makeCertificate(temp);
        Path configuration = temp.resolve("nginx.conf");
        Files.writeString(configuration, configuration(temp));
        nginx =
                new ProcessBuilder(
                                "nginx",
                                "-c",
                                "" + configuration,
                                "-p",
                                "" + temp,
                                "-e",
                                "error.log")
                        .redirectErrorStream(true)
                        .redirectOutput(temp.resolve("out").toFile())
                        .start();
        tlsContext = trusting(temp.resolve("cert.pem"));
        client = HttpClient.newBuilder().sslContext(tlsContext).build();
        Awaitility.await()
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get("http://localhost:" + plain + "/").statusCode() > 0);
    }

    private static void makeCertificate(Path temp) {
        Programs.run(
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                                + " -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout"
                                + " %s/key.pem -out %s/cert.pem")
                        .formatted(temp, temp)
                        .split(" "));
    }

    @AfterAll
    void stop() {
        if (nginx != null) {
            nginx.destroy();
            nginx.onExit().join();
        }
        if (backend != null) {
            backend.stop(0);
        }
    }

    /// The example inside what Debian's nginx.conf would put around it, with this test's ports
    /// and files.
    private String configuration(Path temp) {
        String example =
                House.read("deploy/nginx.conf")
                        .replace("127.0.0.1:8080", "127.0.0.1:" + backend.getAddress().getPort())
                        .replaceAll("listen \\[::]:.*;", "")
                        .replace("listen 443 ssl", "listen 127.0.0.1:" + tls + " ssl")
                        .replace("listen 80", "listen 127.0.0.1:" + plain)
                        .replaceAll(
                                "ssl_certificate /.*;", "ssl_certificate " + temp + "/cert.pem;")
                        .replaceAll(
                                "ssl_certificate_key .*;",
                                "ssl_certificate_key " + temp + "/key.pem;");
        var folders = new StringBuilder();
        for (String kind : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            folders.append("  %s_temp_path %s/%s;\n".formatted(kind, temp, kind));
        }
        // started by root, the workers could not reach this folder as www-data
        String sameUser = System.getProperty("user.name").equals("root") ? "user root;" : "";
        return """
        daemon off;
        %s
        pid %s/pid;
        events {}
        http {
          access_log off;
        %s%s
        }
        """
                .formatted(sameUser, temp, folders, example);
    }

    @Test
    void aHookOfTwentyMebibytesPassesWholeAndOneOfThirtyDoesNot() throws Exception {
        assertThat(post(HOOK, 20 * MIB).body()).isEqualTo("" + 20 * MIB);
        assertThat(post(HOOK, 30 * MIB).statusCode()).isEqualTo(413);
    }

    @Test
    void aLiveLogIsNotHeldBack() throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + tls + "/log")).build();
        var answer = client.send(request, BodyHandlers.ofInputStream());
        try (var lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            // the server sends the second line only after the first one was seen here
            assertThat(lines.readLine()).isEqualTo("data: first");
            secondLine.countDown();
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("data: second");
        }
    }

    @Test
    void hooksOfOneAddressThatDripLeaveNoMoreRoomThanFifty() throws Exception {
        var dripping = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 50; i++) {
                dripping.add(drip());
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(post(HOOK, 100).statusCode()).isEqualTo(503));
            assertThat(get("https://localhost:" + tls + "/runs").statusCode()).isEqualTo(404);
        } finally {
            for (var socket : dripping) {
                socket.close();
            }
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(post(HOOK, 100).statusCode()).isEqualTo(202));
    }

    /// A hook whose body does not come.
    private Socket drip() throws IOException {
        var socket = tlsContext.getSocketFactory().createSocket("127.0.0.1", tls);
        socket.getOutputStream()
                .write(
                        ("POST " + HOOK + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void pagesReadTooFastAreRefusedAndHooksAreNot() throws Exception {
        int first = get("https://localhost:" + tls + "/").statusCode();
        assertThat(first).isEqualTo(404);
        try (var readers = Executors.newFixedThreadPool(8)) {
            var refused = new CountDownLatch(1);
            for (int i = 0; i < 5_000; i++) {
                readers.execute(() -> readUnless(refused));
            }
            assertThat(refused.await(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(post(HOOK, 100).statusCode()).isEqualTo(202);
    }

    private void readUnless(CountDownLatch refused) {
        try {
            if (refused.getCount() > 0
                    && get("https://localhost:" + tls + "/").statusCode() == 503) {
                refused.countDown();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withoutTlsPagesAreRedirectedAndHooksAreRefused() throws Exception {
        var page = get("http://localhost:" + plain + "/runs");
        assertThat(page.statusCode()).isEqualTo(301);
        assertThat(page.headers().firstValue("Location")).hasValue("https://localhost/runs");
        assertThat(get("http://localhost:" + plain + HOOK).statusCode()).isEqualTo(403);
    }

    private java.net.http.HttpResponse<String> get(String address) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private java.net.http.HttpResponse<String> post(String path, int size) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + tls + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .POST(BodyPublishers.ofByteArray(new byte[size]));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static void echoLength(HttpExchange exchange) throws IOException {
        byte[] answer =
                ("" + exchange.getRequestBody().readAllBytes().length)
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(202, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private void twoLines(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var body = exchange.getResponseBody();
        body.write("data: first\n\n".getBytes(StandardCharsets.UTF_8));
        body.flush();
        try {
            boolean seen = secondLine.await(20, TimeUnit.SECONDS);
            body.write(
                    (seen ? "data: second\n\n" : "data: held back\n\n")
                            .getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        var keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        try (var input = Files.newInputStream(certificate)) {
            keys.setCertificateEntry(
                    "nginx", CertificateFactory.getInstance("X.509").generateCertificate(input));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
