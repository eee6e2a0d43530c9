package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.sandbox.Sandbox;
import airlock.token.TlsKey;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS connects only to servers that the machine trusts.
class HttpsFetchTest {
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    @TempDir private Path temporary;
    private final AtomicInteger requests = new AtomicInteger();
    private TlsKey key;
    private HttpsServer server;

    @BeforeEach
    void start() throws Exception {
        key = TlsKey.of("127.0.0.1", temporary);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(key.context()));
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.clearProperty(TRUST_STORE);
    }

    private Fetched fetch() throws InterruptedException {
        var repository =
                new RemoteRepository(
                        new RepositoryId("forge", "1"),
                        URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/repo"),
                        new FetchCredentials.Token("bot", new Secret("s3cret")),
                        SourceLimits.DEFAULT);
        var wanted =
                new Wanted(
                        repository,
                        "refs/heads/main",
                        new CommitId("12".repeat(20)),
                        CommitPlace.TIP,
                        List.of());
        try (var fetcher = new ProcessFetcher(temporary.resolve("state"), Sandbox.NONE, 1, 0)) {
            return fetcher.fetch(wanted);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForEndsItBeforeTheTokenIsSent() throws Exception {
        assertThat(fetch())
                .isInstanceOfSatisfying(
                        Unreachable.class,
                        answer -> assertThat(answer.why()).contains("certification path"));
        assertThat(requests).hasValue(0);
    }

    @Test
    void theOperatorsOwnAuthoritiesHoldForTheChildToo() throws Exception {
        Path trusted = temporary.resolve("trusted.jks");
        KeyStore store = KeyStore.getInstance("JKS"); // this kind opens without a password
        store.load(null, null);
        var pem = new ByteArrayInputStream(key.pem().getBytes(StandardCharsets.US_ASCII));
        store.setCertificateEntry(
                "forge", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        try (var out = Files.newOutputStream(trusted)) {
            store.store(out, "changeit".toCharArray());
        }
        System.setProperty(TRUST_STORE, trusted.toString());

        assertThat(fetch())
                .isInstanceOfSatisfying(
                        Unreachable.class,
                        answer -> assertThat(answer.why()).contains("is the URL right"));
        assertThat(requests).hasPositiveValue();
    }
}
