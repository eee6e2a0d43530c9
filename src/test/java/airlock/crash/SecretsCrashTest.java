package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import airlock.app.MemoryScan;
import airlock.vm.MemoryPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the real server while a trusted phase has secrets of every kind (H7).
@Tag("crash")
final class SecretsCrashTest {
    private static final Duration GONE = Duration.ofSeconds(15);

    /// Servers write only below it.
    @TempDir Path directory;

    /// The test's own, which may hold secrets.
    @TempDir Path aside;

    private Site site;
    private Remains remains;
    private Gate gate;
    private Path memory;
    private PlacedSecrets secrets;

    @BeforeEach
    void start() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("only root may look at what the descriptors of QEMU hold, another user's")
                .isEqualTo("root");
        site = new Site(directory);
        remains = new Remains(site.state());
        gate = new Gate();
        memory = MemoryPlace.of(site.state(), MemoryPlace.runtime(System.getenv()));
        secrets = PlacedSecrets.in(site.state(), aside);
        site.configure(0, configuration());
        Files.createDirectory(directory.resolve("tmp"));
    }

    @AfterEach
    void stop() {
        if (gate != null) {
            gate.close();
            remains.close();
            site.close();
        }
    }

    /// Both phases use their secrets and then wait. The token's process refuses that request
    /// without contacting a server.
    private String plan() {
        return """
        pre_plan:
          - action: shell
            shell: |
              ssh-add -L
              grep -c PRIVATE /ci/secrets/ssh_key
              curl -sS -X DELETE http://registry.token.internal/
              curl -fsS http://files.example:%1$d/pre_plan
        post_plan:
          - action: shell
            secrets: [PASSWORD]
            shell: |
              ssh-add -L
              grep -c PRIVATE /ci/secrets/ssh_key
              echo "length ${#PASSWORD}"
              curl -sS -X DELETE http://registry.token.internal/
              curl -fsS http://files.example:%1$d/post_plan
        """
                .formatted(gate.port());
    }

    private String configuration() throws IOException {
        // any key will do, since it is never used to log in
        String[] words = Files.readString(aside.resolve("ca.pub")).split(" ", 3);
        return """
            secrets:
              drive: [post_plan]
              agent:
                - {key: signer, users: [ci], hosts: [upload.example], phases: [pre_plan, post_plan]}
              certificate: {phases: [pre_plan], principals: [ci], command: [%1$s]}
              tokens:
                - {name: registry, host: "registry.example:%2$d", phases: [pre_plan, post_plan]}
              files: [{name: note}]
              variables: [{name: PASSWORD}]
            network:
              pre_plan: &places
                allow:
                  - "files.example:%2$d = 127.0.0.1"
                  - "registry.example:%2$d = 127.0.0.1"
              post_plan: *places
              known_hosts: ["upload.example %3$s"]
        """
                .formatted(PlacedSecrets.command(aside), gate.port(), words[0] + " " + words[1]);
    }

    private ServerProcess server() throws IOException {
        return site.server("-Djava.io.tmpdir=" + directory.resolve("tmp"));
    }

    @Test
    void nothingOfATrustedPhaseOutlivesTheServerThatServedIt() throws Exception {
        try {
            killTwice();
        } catch (AssertionError | ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\nThe servers said:\n" + site.said(), e);
        }
    }

    private void killTwice() throws Exception {
        try (var first = server()) {
            site.hook(first.url());
            site.awaitTemplate(first);
            var _ = site.push(plan());
            killIn("/pre_plan", first, List.of(secrets.fresh()), secrets.onlyOfPostPlan());
        }
        gate.open("/pre_plan");
        try (var second = server()) {
            site.hook(second.url());
            killIn(
                    "/post_plan",
                    second,
                    List.of(secrets.deploy(), secrets.file(), secrets.password()),
                    secrets.fresh());
        }
        gate.open("/post_plan");
        try (var third = server()) {
            site.hook(third.url());
            try (var state = StateFile.open(site.state())) {
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> assertThat(state.open()).isEmpty());
            }
        }
        assertThat(secrets.all().files(directory, memory)).isEmpty();
        assertThat(remains.processes()).isEmpty();
        assertThat(remains.homes()).isEmpty();
        assertThat(remains.strayFiles()).isEmpty();
    }

    /// @param onDrive the secrets on the phase's drive
    /// @param others those of the other phase
    private void killIn(
            String phase, ServerProcess victim, List<MemoryScan> onDrive, MemoryScan others)
            throws Exception {
        gate.awaitRequest(phase);
        var family = family(victim);
        assertThat(family.stream().map(SecretsCrashTest::commandLine))
                .anyMatch(Remains::isMachine)
                .anyMatch(line -> line.contains("airlock.token.TokenProcess"));
        var sockets = Listening.of(family);
        assertThat(sockets.stream().map(Listening::place))
                .as("where it listens")
                .anyMatch(place -> place.endsWith("control.sock"))
                .anyMatch(place -> place.endsWith("/http"))
                .anyMatch(place -> place.endsWith(":%04X".formatted(victim.url().getPort())));
        Path[] nameless = nameless(family);
        for (MemoryScan secret : onDrive) {
            assertThat(secret.files(nameless)).as("while %s runs", phase).isNotEmpty();
        }
        var elsewhere = others.and(secrets.signer()).and(secrets.token());
        assertThat(elsewhere.files(nameless)).as("while %s runs", phase).isEmpty();
        assertThat(secrets.all().files(directory, memory)).as("while %s runs", phase).isEmpty();

        victim.kill();

        await("all its processes are gone")
                .atMost(GONE)
                .untilAsserted(
                        () -> {
                            assertThat(family.stream().map(SecretsCrashTest::commandLine))
                                    .allMatch(String::isEmpty);
                            assertThat(remains.processes()).isEmpty();
                        });
        var left = Listening.all();
        assertThat(left).doesNotContainAnyElementsOf(sockets);
        assertThat(left.stream().map(Listening::place))
                .noneMatch(place -> place.startsWith(directory + "/"))
                .noneMatch(place -> place.startsWith(memory + "/"));
        assertThat(secrets.all().files(directory, memory)).as("killed in %s", phase).isEmpty();
    }

    /// The server and its descendants.
    private static List<ProcessHandle> family(ServerProcess server) {
        var handle = ProcessHandle.of(server.pid()).orElseThrow();
        var family = new ArrayList<>(List.of(handle));
        handle.descendants().forEach(family::add);
        return family;
    }

    /// Empty if the process has ended.
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"));
        } catch (IOException _) {
            return "";
        }
    }

    /// Deleted files that processes still have open.
    private static Path[] nameless(List<ProcessHandle> processes) {
        return processes.stream()
                .flatMap(process -> Listening.descriptors(process.pid()))
                .filter(link -> Listening.target(link).endsWith(" (deleted)"))
                .filter(Files::isRegularFile)
                .toArray(Path[]::new);
    }
}
