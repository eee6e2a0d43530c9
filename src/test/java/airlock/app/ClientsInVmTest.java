package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.RepositoryId;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.secrets.LoopbackSshd;
import airlock.secrets.PreparedKey;
import airlock.vm.BootFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The clients that people fetch with, as Debian has them, in real machines against registries of
/// their kinds on loopback: through the proxy in pre_plan, where the script lets no name resolve,
/// and directly in post_plan. With --long, as an image with all of them takes minutes to make.
@Tag("soak")
final class ClientsInVmTest extends OnRealVms {
    /// The second alone is one that ssh asks the proxy for, by its domain.
    private static final List<String> SSH_HOSTS = List.of("ssh.example", "any.other.example");

    /// Lines that the script prints once in each phase.
    private static final List<String> WORK =
            List.of(
                    "curl",
                    "wget",
                    "git",
                    "apt",
                    "cargo",
                    "npm",
                    "pip",
                    "maven",
                    "go",
                    "ssh any.other.example",
                    "scp any.other.example",
                    "rsync any.other.example",
                    "git_over_ssh any.other.example",
                    "cargo_over_ssh any.other.example");

    /// Lines that it prints only in the phase without a proxy.
    private static final List<String> WORK_DIRECTLY =
            List.of(
                    "ssh ssh.example",
                    "scp ssh.example",
                    "rsync ssh.example",
                    "git_over_ssh ssh.example",
                    "cargo_over_ssh ssh.example");

    private static BootFiles image() throws Exception {
        try (var in = ClientsInVmTest.class.getResourceAsStream("/clients/clients.recipe")) {
            return new ImageStore(Path.of(".airlock", "images"), InstantSource.system())
                    .build(
                            Recipe.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)),
                            Path.of("target", "guest", "airlock-guest"),
                            System.err::println)
                    .boot();
        }
    }

    private static String plan() {
        return """
        pre_plan:
          - action: shell
            shell: &clients bash /ci/src/clients.sh
        plan:
          - action: pwd
        post_plan:
          - action: shell
            shell: *clients
        """;
    }

    private static String network(int port, int ssh, String hostKey) {
        String listed =
                Registries.HOSTS.stream()
                                .map(
                                        host ->
                                                "          - %s:%d = 127.0.0.1\n"
                                                        .formatted(host, port))
                                .collect(Collectors.joining())
                        + SSH_HOSTS.stream()
                                .map(host -> "          - %s:%d = 127.0.0.1\n".formatted(host, ssh))
                                .collect(Collectors.joining());
        return """
        id: 7
            secrets: {drive: [pre_plan, post_plan]}
            limits: {memory: 2 GiB, pre_plan_time: 20m, post_plan_time: 20m}
            network:
              tls_ports: [%d]
              known_hosts: ["%s %s"]
              pre_plan:
                allow:
        %s          - "*.other.example"
              post_plan:
                allow:
        %s\
        """
                .formatted(
                        port,
                        SSH_HOSTS.stream()
                                .map(host -> "[%s]:%d".formatted(host, ssh))
                                .collect(Collectors.joining(",")),
                        hostKey,
                        listed,
                        listed);
    }

    @Test
    void everyClientFetchesThroughTheProxyAndDirectly() throws Exception {
        Path hosts = Files.createDirectory(directory.resolve("hosts"));
        Path keys = Files.createDirectory(directory.resolve("keys"));
        var key =
                PreparedKey.in(directory.resolve("state"), new RepositoryId("demo", "7"), "deploy");
        int port = LoopbackSshd.freePort();
        Path served = directory.resolve("ssh");
        try (var server = StaticHosts.start(hosts, keys, Registries.HOSTS);
                var ssh = PublishServer.open(served, port, key.publicLine())) {
            Registries.make(hosts, server.port());
            String more = network(server.port(), port, ssh.hostKey());
            try (var bot = Bot.start(directory, forge, machines.host(), image(), more)) {
                var repository = new Pushes(directory, forge);
                Path work = Checkout.work(directory);
                Files.copy(server.certificate(), work.resolve("ca.pem"));
                Files.copy(server.trustStore(), work.resolve("trust.p12"));
                Files.writeString(
                        work.resolve("clients.sh"),
                        script().replace("@PORT@", Integer.toString(server.port()))
                                .replace("@SSH@", Integer.toString(port))
                                .replace("@ME@", System.getProperty("user.name"))
                                .replace("@SERVED@", served.toString())
                                .replace(
                                        "@GIT@",
                                        hosts.resolve("git.example/hello.git").toString()));

                String commit = repository.push(bot, plan());

                awaitEnd(commit);
                String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
                assertThat(forge.states(commit, "airlock")).as(log).endsWith("success");
                assertEveryClientWorks(log);
            }
        }
    }

    private static void assertEveryClientWorks(String log) {
        assertThat(log).contains("proxy: http://127.0.0.1:3128", "proxy: none");
        for (String client : WORK) {
            assertThat(log).containsPattern("(?s)(client works: %s\n.*){2}".formatted(client));
        }
        for (String client : WORK_DIRECTLY) {
            assertThat(log).contains("client works: " + client + "\n");
        }
    }

    private void awaitEnd(String commit) {
        await().atMost(Duration.ofMinutes(40))
                .until(
                        () ->
                                !forge.states(commit, "airlock").isEmpty()
                                        && !forge.states(commit, "airlock")
                                                .getLast()
                                                .equals("pending"));
    }

    private static String script() throws Exception {
        try (var in = ClientsInVmTest.class.getResourceAsStream("/clients/clients.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
