package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.house.Programs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// How many connections one address may have. Loopback is not counted, so the server and its
/// clients are in a network namespace that has another address (TEST-NET-1, RFC 5737).
final class CrowdTest {
    private static final String ADDRESS = "192.0.2.1";
    private static final String[] NAMESPACE = {
        "unshare", "--map-root-user", "--net", "/bin/sh", "-c"
    };
    private static final String NETWORK =
            "ip link set lo up && ip address add " + ADDRESS + "/32 dev lo";

    @Test
    void oneAddressHasNoMoreConnectionsThanItsShareAndGetsAnotherForOneThatItCloses() {
        assumeTrue(
                Programs.runs(inNamespace(NETWORK)),
                "no network namespace with unshare and ip: "
                        + Programs.output(inNamespace(NETWORK)));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(
                        Programs.run(
                                inNamespace(
                                        "%s && exec '%s' -cp '%s' %s"
                                                .formatted(
                                                        NETWORK,
                                                        java,
                                                        classes,
                                                        CrowdTest.class.getName()))))
                .contains("connections of one address: 128")
                .contains("after one was closed: 128");
    }

    private static String[] inNamespace(String script) {
        var command = new String[NAMESPACE.length + 1];
        System.arraycopy(NAMESPACE, 0, command, 0, NAMESPACE.length);
        command[NAMESPACE.length] = script;
        return command;
    }

    /// Opens connections from one address until one gets no answer, twice; says how many it had.
    public static void main(String[] arguments) throws Exception {
        var settings =
                new WebSettings(
                        ADDRESS,
                        0,
                        1000,
                        4,
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(15));
        var open = new ArrayDeque<Socket>();
        try (var site = new Site(settings)) {
            fill(open, site.port());
            System.out.println("connections of one address: " + open.size());
            open.remove().close();
            int before = open.size();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(
                            () -> {
                                fill(open, site.port());
                                return open.size() > before;
                            });
            System.out.println("after one was closed: " + open.size());
            for (var socket : open) {
                socket.close();
            }
        }
    }

    private static void fill(ArrayDeque<Socket> open, int port) throws IOException {
        while (open.size() < 1000) {
            var socket = new Socket();
            socket.connect(new InetSocketAddress(ADDRESS, port));
            socket.setSoTimeout(10_000);
            if (!answers(socket)) {
                socket.close();
                return;
            }
            open.add(socket);
        }
    }

    private static boolean answers(Socket socket) {
        try {
            socket.getOutputStream()
                    .write(
                            "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
