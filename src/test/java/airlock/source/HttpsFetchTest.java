package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS: who is spoken to is who the machine trusts.
class HttpsFetchTest {
    private static final String PASSWORD = "changeit";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    @TempDir private Path temporary;
    private final AtomicInteger requests = new AtomicInteger();
    private Path keys;
    private HttpsServer server;

    @BeforeEach
    void start() throws Exception {
        keys = temporary.resolve("keys.p12");
        keytool("-genkeypair -keyalg EC -dname CN=forge -ext SAN=ip:127.0.0.1 -keystore " + keys);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
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

    private static void keytool(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-alias", "forge", "-storepass", PASSWORD));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor()).isZero();
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
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
                        Place.TIP,
                        List.of());
        try (var fetcher =
                new ProcessFetcher(
                        temporary.resolve("state"), ChildJvm.likeThisOne(FetchBox.NONE), 1)) {
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
        Path certificate = temporary.resolve("forge.crt");
        Path trusted = temporary.resolve("trusted.jks"); // this kind opens without a password
        keytool("-exportcert -keystore " + keys + " -file " + certificate);
        keytool(
                "-importcert -noprompt -storetype JKS -keystore "
                        + trusted
                        + " -file "
                        + certificate);
        System.setProperty(TRUST_STORE, trusted.toString());

        assertThat(fetch())
                .isInstanceOfSatisfying(
                        Unreachable.class,
                        answer -> assertThat(answer.why()).contains("is the URL right"));
        assertThat(requests).hasPositiveValue();
    }
}
