package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.CommandHandler;
import airlock.control.Console.Heard;
import airlock.control.ControlServer;
import airlock.control.Reply;
import airlock.control.ScriptedConsole;
import airlock.machine.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock vm shell` as a process, with and without a terminal, before a server without machines.
final class ShellCommandTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir Path directory;
    private final ScriptedConsole console = new ScriptedConsole();
    private final List<Command.Shell> wanted = new CopyOnWriteArrayList<>();
    private Path config = Path.of("");
    private ControlServer server;

    @BeforeEach
    void serve() throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        config =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: http://127.0.0.1:1
                        state: %s
                        forges: {}
                        repositories: []
                        """
                                .formatted(state));
        server =
                ControlServer.open(
                        StateDirectory.controlSocket(state),
                        new CommandHandler() {
                            @Override
                            public void handle(
                                    Command command, String who, Consumer<Reply> replies) {
                                replies.accept(new Reply.Done(""));
                            }

                            @Override
                            public Entrance enter(
                                    Command.Shell shell, String who, Consumer<String> notes) {
                                wanted.add(shell);
                                return shell.image().equals("none")
                                        ? new Entrance.Shut("there is no image none")
                                        : new Entrance.Open(
                                                new Reply.Entered("a machine", Instant.EPOCH),
                                                console);
                            }
                        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String[] arguments(String... more) {
        var all = new String[more.length + 4];
        System.arraycopy(new String[] {"vm", "shell", "-c", config.toString()}, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    private void says(String text) {
        console.says.add(new Heard.Output(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Path place() throws IOException {
        return Files.createDirectories(directory.resolve("shell"));
    }

    private ShellProcess terminal() throws IOException {
        var shell = ShellProcess.inTerminal(place(), arguments());
        await().atMost(LONG).until(() -> !wanted.isEmpty());
        says("root@airlock# ");
        await().atMost(LONG).until(() -> shell.out().contains("root@airlock# "));
        return shell;
    }

    private static void isGivenBack(ShellProcess shell) throws IOException {
        assertThat(shell.read("after")).isNotEmpty().isEqualTo(shell.read("before"));
        assertThat(shell.read("before")).contains("\nisig icanon ", " echo ");
    }

    @Test
    void withoutATerminalBytesPassAsTheyAreAndTheExitCodeIsTheShells() throws Exception {
        String run = "b".repeat(20);
        try (var shell =
                ShellProcess.piped(
                        place(), arguments("--run", run, "--phase", "pre_plan", "--image", "x"))) {
            shell.type("exit 3\n").end();
            await().atMost(LONG).until(() -> console.heard.contains("no more keys"));
            says("\033]0;as it is\007\r\n");
            console.says.add(new Heard.Exited(3));

            var ended = shell.ended();

            assertThat(ended.code()).as(ended.err()).isEqualTo(3);
            assertThat(ended.out()).isEqualTo("\033]0;as it is\007\r\n");
            assertThat(ended.err()).isEmpty();
        }
        assertThat(console.heard).startsWith("keys exit 3\n", "no more keys");
        assertThat(wanted).containsExactly(new Command.Shell("x", "pre_plan", run, 80, 24));
    }

    @Test
    void inATerminalEveryKeyGoesToTheMachineAndTheTerminalIsGivenBack() throws Exception {
        try (var shell = terminal()) {
            // Ctrl-C, Ctrl-Z, Ctrl-D, and a line that is not finished
            shell.type("\003\032\004x");
            await().atMost(LONG)
                    .until(() -> String.join("", console.heard).contains("\003\032\004x"));
            assertThat(shell.airlock().isAlive()).isTrue();
            says("\033[1mbold\033]52;c;eA==\007\033[0m");
            console.says.add(new Heard.Exited(7));

            var ended = shell.ended();

            assertThat(ended.out()).contains("\033[1mbold\033[0m").doesNotContain("eA==");
            assertThat(shell.read("code")).isEqualTo("7\n");
            isGivenBack(shell);
        }
        assertThat(wanted).containsExactly(new Command.Shell("", "", "", 120, 40));
    }

    @Test
    void aWindowOfAnotherSizeIsTold() throws Exception {
        try (var shell = terminal()) {
            String tty = shell.read("tty").strip();

            assertThat(
                            new ProcessBuilder("stty", "-F", tty, "cols", "101", "rows", "33")
                                    .start()
                                    .waitFor())
                    .isZero();

            await().atMost(LONG).until(() -> console.heard.contains("size 101x33"));
            console.says.add(new Heard.Exited(0));
            assertThat(shell.ended().out()).contains("root@airlock");
        }
    }

    @Test
    void aServerThatGoesLeavesAMessageAndAWholeTerminal() throws Exception {
        try (var shell = terminal()) {
            console.says.add(new Heard.Lost("the machine's time of 30m is over"));

            var ended = shell.ended();

            assertThat(ended.out()).contains("the machine's time of 30m is over");
            assertThat(shell.read("code")).isEqualTo(ExitCode.BROKE + "\n");
            isGivenBack(shell);
        }
    }

    @Test
    void aClientThatIsEndedGivesTheTerminalBackAndEndsItsShell() throws Exception {
        try (var shell = terminal()) {
            shell.airlock().destroy();

            assertThat(console.closed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            shell.ended();
            assertThat(shell.read("code")).isEqualTo(128 + 15 + "\n");
            isGivenBack(shell);
        }
    }

    @Test
    void whoIsNotLetInReadsWhy() throws Exception {
        try (var shell = ShellProcess.piped(place(), arguments("--image", "none"))) {
            var ended = shell.ended();

            assertThat(ended.code()).isEqualTo(ExitCode.BROKE);
            assertThat(ended.err()).isEqualTo("there is no image none\n");
        }
    }

    @Test
    void withoutAServerTheMessageSaysWhatToDo() throws Exception {
        server.close();
        try (var shell = ShellProcess.piped(place(), arguments())) {
            var ended = shell.ended();

            assertThat(ended.code()).isEqualTo(ExitCode.BROKE);
            assertThat(ended.err()).contains("`airlock serve`");
        }
    }

    @Test
    void aPhaseThatThereIsNotIsAMistakeOfTheCommandLine() throws Exception {
        try (var shell = ShellProcess.piped(place(), arguments("--phase", "planned"))) {
            var ended = shell.ended();

            assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
            assertThat(ended.err()).contains("pre_plan, plan, post_plan");
        }
    }
}
