package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import airlock.event.RepositoryId;
import airlock.secrets.LoopbackSshd;
import airlock.secrets.PreparedKey;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real machines publish with a key and ask with a token that never enter them.
@Tag("vm")
final class KeysInVmTest extends OnRealVms {
    private static final String TOKEN = "t0ken-0f-the-registry-4711";
    private static final String ME = System.getProperty("user.name");

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch looked = new CountDownLatch(1);
    private HttpServer files;

    @BeforeEach
    void start() throws Exception {
        files = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        files.createContext(
                "/hold",
                exchange -> {
                    asked.countDown();
                    try (exchange) {
                        looked.await();
                        exchange.sendResponseHeaders(204, -1);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        files.start();
    }

    @AfterEach
    void stop() {
        looked.countDown();
        files.stop(0);
    }

    private String network(int ssh, int registry, String hostKey) {
        return """
            network:
              post_plan:
                allow:
                  - "files.example:%1$d = 127.0.0.1"
                  - "upload.example:%2$d = 127.0.0.1"
                  - "registry.example:%3$d = 127.0.0.1"
              known_hosts: ["[upload.example]:%2$d %4$s"]
            targets: {rsync: "ssh://%5$s@upload.example:%2$d/hello"}
        """
                .formatted(files.getAddress().getPort(), ssh, registry, hostKey, ME);
    }

    private static String agent(StaticHosts registry) {
        return """
        id: 7
            secrets:
              agent: [{key: deploy, users: [%s], hosts: [upload.example], signatures: 3}]
              tokens:
                - {name: registry, host: "registry.example:%d", path: /api/, ca: %s}
        """
                .formatted(ME, registry.port(), registry.certificate());
    }

    private String plan(int ssh) {
        return """
        plan:
          - action: shell
            shell: |
              echo published > /ci/artifacts/page
              ! ssh-add -L
        post_plan:
          - action: rsync
          - action: shell
            shell: |
              ls -A /ci/secrets | wc -l
              ssh-add -L
              ! ssh -p %1$d nobody-else@upload.example true
              ! ssh-keygen -Y sign -n git -f <(ssh-add -L) /ci/artifacts/page
              curl -fsS http://registry.token.internal/api/greeting
              ! curl -fsS http://registry.token.internal/other
              ! curl -fsS -X POST http://registry.token.internal/api/greeting
              curl -fsS http://files.example:%2$d/hold
        """
                .formatted(ssh, files.getAddress().getPort());
    }

    private MemoryScan.Found lookInside(MemoryScan scan) throws Exception {
        await().atMost(Duration.ofMinutes(4)).until(() -> asked.getCount() == 0);
        var found = new MemoryScan.Found(0, 0);
        for (var process : ProcessHandle.current().descendants().toList()) {
            if (process.info().command().orElse("").contains("qemu-system")) {
                found = found.plus(scan.process(process.pid()));
            }
        }
        assertThat(scan.files(machines.vms(), machines.memory())).isEmpty();
        return found;
    }

    private static boolean mayReadOthersMemory() {
        return ME.equals("root");
    }

    @Test
    void anAgentsKeyAndATokenAreUsedAndNothingOfThemIsInTheMachine() throws Exception {
        var key =
                PreparedKey.in(directory.resolve("state"), new RepositoryId("demo", "7"), "deploy");
        int port = LoopbackSshd.freePort();
        Path hosts = Files.createDirectories(directory.resolve("hosts/registry.example/api"));
        Files.writeString(hosts.resolve("greeting"), "hello from the registry\n");
        Path keys = Files.createDirectory(directory.resolve("keys"));
        try (var registry =
                        StaticHosts.start(
                                directory.resolve("hosts"), keys, List.of("registry.example"));
                var ssh = PublishServer.start(directory.resolve("ssh"), port, key.publicLine())) {
            String more = agent(registry) + network(port, registry.port(), ssh.hostKey());
            try (var bot = bot(more)) {
                bot.keep("token", "registry", TOKEN);

                String commit = push(bot, plan(port));
                if (mayReadOthersMemory()) {
                    var found = lookInside(MemoryScan.ofKey(key.seed(), key.file()));
                    assertThat(found.times()).isZero();
                    assertThat(found.bytes()).isGreaterThan(200L << 20);
                }
                looked.countDown();

                String log = passed(bot, commit);
                assertThat(log)
                        .contains("signed: user " + ME + " at upload.example", "1 of 3")
                        .contains("signature refused: ", "agent: 1 signature\n")
                        .contains("\n0\n", key.publicLine().split(" ", -1)[1])
                        .contains("hello from the registry")
                        .doesNotContain(TOKEN);
                assertThat(ssh.files("www/hello")).as(ssh.log()).contains("page");
                assertThat(registry.requests)
                        .containsExactly("registry.example /api/greeting Bearer " + TOKEN);
                assertThat(bot.get("/api/v1/runs/" + bot.runs().getFirst()))
                        .contains("\"place\":\"token registry\"");
            }
        }
    }

    @Test
    void theSameLookFindsAKeyThatLiesOnTheDrive() throws Exception {
        assumeThat(mayReadOthersMemory())
                .as("only root may read the memory of QEMU, which has another user")
                .isTrue();
        var key =
                PreparedKey.in(directory.resolve("state"), new RepositoryId("demo", "7"), "deploy");
        String more =
                "id: 7\n    secrets: {drive: [post_plan]}\n    network: {post_plan: {allow: [\"files.example:%d = 127.0.0.1\"]}}"
                        .formatted(files.getAddress().getPort());
        try (var bot = bot(more)) {
            String commit =
                    push(
                            bot,
                            """
                                    post_plan:
                                      - action: shell
                                        shell: curl -fsS http://files.example:%d/hold
                                    """
                                    .formatted(files.getAddress().getPort()));
            assertThat(lookInside(MemoryScan.ofKey(key.seed(), key.file())).times()).isPositive();
            looked.countDown();
            assertThat(passed(bot, commit)).isNotEmpty();
        }
    }
}
