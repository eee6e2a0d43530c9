package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.cli.ShellProcess;
import airlock.house.LoopbackForge;
import airlock.sandbox.Launcher;
import airlock.vm.Accelerator;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuSandbox;
import airlock.vm.QemuVmHost;
import airlock.vm.Templates;
import airlock.vm.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// People in real machines: fresh ones, and those of phases that failed.
@Tag("vm")
final class ShellInVmTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    /// Ways out that root tries in vain.
    private static final String WAYS_OUT =
            """
            for port in /dev/vport*; do (exec 3<>$port) 2>/dev/null && echo "opened $port"; done
            ls /sys/class/net; ls -A /ci/secrets | wc -l
            (exec 3<>/dev/tcp/127.0.0.1/3128) 2>&1; ls /run/airlock/agent 2>&1
            """;

    @TempDir static Path shared;
    @TempDir Path directory;
    private final Launcher launcher = new Launcher();
    private LoopbackForge forge;
    private int shells;

    @BeforeEach
    void startForge() {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    void stop() {
        forge.close();
        launcher.close();
    }

    private QemuVmHost host() throws Exception {
        Path vms = Files.createDirectory(directory.resolve("vms"));
        return new QemuVmHost(
                new QemuVmHost.QemuSetting(
                        vms,
                        MemoryPlace.of(directory, Optional.empty()),
                        Accelerator.TCG,
                        QemuSandbox.detect(),
                        launcher,
                        InstantSource.system(),
                        Templates.in(shared.resolve("templates"), InstantSource.system())));
    }

    private Bot bot(String network) throws Exception {
        String more =
                """
                id: 7
                    %s
                keep_failed: {most: 2, time: 10m}
                limits: {memory: 512 MiB, cpus: 1}
                """
                        .formatted(network);
        return Bot.start(directory, forge, host(), TestImage.boot(), more);
    }

    private ShellProcess shell(String... more) throws IOException {
        var all = new String[more.length + 4];
        String config = directory.resolve("airlock.yaml").toString();
        System.arraycopy(new String[] {"vm", "shell", "-c", config}, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return ShellProcess.piped(directory.resolve("shell-" + ++shells), all);
    }

    private ShellProcess.Ended said(String lines, String... more) throws Exception {
        try (var shell = shell(more)) {
            var ended = shell.type(lines).end().ended();
            return new ShellProcess.Ended(
                    ended.code(), ShellProcess.plain(ended.out()), ended.err());
        }
    }

    private static void awaitOutput(ShellProcess shell, String pattern) {
        await().atMost(LONG)
                .until(
                        () ->
                                Pattern.compile(pattern)
                                                .matcher(ShellProcess.plain(shell.out()))
                                                .find()
                                        || !shell.handle().isAlive());
    }

    @Test
    void aScriptHasASizeAShellAndItsExitCode() throws Exception {
        try (var _ = bot("")) {
            var ended = said("stty size; pwd; tty; echo PATH=$PATH\nexit 3\n", "--verbose");

            assertThat(ended.code()).as(ended.err()).isEqualTo(3);
            assertThat(ended.out()).contains("24 80\n", "/ci/src\n", "/dev/pts/0\n", "/root/");
            assertThat(ended.err()).contains("a fresh machine for plan", "the shell is there");

            assertThat(said("exit 0").code()).as("without a line's end").isZero();
            assertThat(said("cat\n").code()).as("a program that reads the end").isZero();
        }
    }

    @Test
    void ctrlCEndsWhatRunsAndNotTheShell() throws Exception {
        try (var _ = bot("");
                var shell = shell()) {
            // a shell that has not yet become `sleep` may miss Ctrl-C, and a line before its prompt
            shell.type("sh -c 'echo $((20 + 3)); exec sleep 1000'\n");
            awaitOutput(shell, "\n23\n");
            shell.type("\003");
            awaitOutput(shell, "\\^C(?s:.*)# ");
            shell.type("echo code $?\nexit 9\n");

            var ended = shell.end().ended();

            assertThat(ShellProcess.plain(ended.out())).contains("\ncode 130\n");
            assertThat(ended.code()).isEqualTo(9);
        }
    }

    @Test
    void nothingButTheShellLeadsOutOfAFreshMachineWhateverItsPhase() throws Exception {
        try (var servers = LoopbackServers.start(directory);
                var _ = bot(network(servers))) {
            for (String phase : new String[] {"pre_plan", "plan", "post_plan"}) {
                var ended = said(WAYS_OUT + "exit 0\n", "--phase", phase);

                assertThat(ended.code()).as(ended.err()).isZero();
                isShutIn(ended.out());
            }
        }
    }

    private static void isShutIn(String out) {
        assertThat(out)
                .contains("\nlo\n0\n", "Connection refused", "No such file or directory")
                .doesNotContain("opened /dev/vport", "eth0");
    }

    private static String network(LoopbackServers servers) {
        return "network: {pre_plan: {allow: [files.example:%d = 127.0.0.1]}}"
                .formatted(servers.plain());
    }

    @Test
    void aFailedMachineIsAsItFailedAndNothingButTheShellLeadsOutAnyMore() throws Exception {
        try (var servers = LoopbackServers.start(directory);
                var bot = bot(network(servers))) {
            String curl = "curl -sS http://files.example:%d/hello".formatted(servers.plain());
            String run = failed(bot, failing(curl));
            assertThat(bot.get("/runs/" + run))
                    .contains("airlock vm shell --run " + run, "which stays until");

            String look = "cat got; ls /ci/deps; " + curl + "; echo code $?\n";
            var ended = said(look + WAYS_OUT + "exit 0\n", "--run", run);

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .contains("\nhello, plain client\n", "\noutput\n")
                    .containsPattern("\ncode [1-9]");
            isShutIn(ended.out());
            assertThat(said("ls got\nexit 4\n", "--run", run).out()).contains("\ngot\n");
            // another phase, or image, is a fresh machine: with the same source
            assertThat(said("ls -A; exit 0\n", "--run", run, "--phase", "plan").out())
                    .contains(".airlock.yaml")
                    .doesNotContain("\ngot");

            isWrittenDown(bot, run);
        }
        try (var left = Files.list(directory.resolve("vms"))) {
            assertThat(left).as("VMs of a bot that has ended").isEmpty();
        }
    }

    private static void isWrittenDown(Bot bot, String run) throws Exception {
        assertThat(bot.get("/api/v1/runs/" + run))
                .contains("\"ending\":\"exited with 0\"", "\"ending\":\"exited with 4\"")
                .contains("\"who\":\"" + System.getProperty("user.name") + "\"");
        assertThat(bot.get("/runs/" + run)).contains("its own", "a fresh one");
        assertThat(bot.get("/runs/" + run)).doesNotContain("Artifacts");
    }

    private static String failing(String curl) {
        return """
        pre_plan:
          - action: shell
            shell: |
              %s > got
              echo output > /ci/deps/output
              exit 7
        """
                .formatted(curl);
    }

    private String failed(Bot bot, String plan) throws Exception {
        String commit = new Pushes(directory, forge).push(bot, plan);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(forge.states(commit, "airlock")).endsWith("failure"));
        return bot.runs().getFirst();
    }

    @Test
    void aServerThatEndsTakesItsPeopleWithIt() throws Exception {
        ShellProcess shell;
        try (var _ = bot("")) {
            shell = shell();
            shell.type("echo $((20 + 3))\n");
            awaitOutput(shell, "\n23\n");
        }
        try (shell) {
            var ended = shell.ended();
            assertThat(ended.code()).isEqualTo(4);
            assertThat(ended.err()).contains("the server stops");
        }
        try (var left = Files.list(directory.resolve("vms"))) {
            assertThat(left).isEmpty();
        }
    }
}
