package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.machine.StateDirectory;
import airlock.vm.FakeVmHost;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole bot is away while something is pushed, and finds it when it is back.
final class MissedPushTest {
    @TempDir Path directory;
    private LoopbackForge forge;
    private final FakeVmHost host = new FakeVmHost();

    @BeforeEach
    void start() throws Exception {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        Programs.run("git", "init", "-q", "-b", "main", work());
        Files.writeString(
                directory.resolve("work/.airlock.yaml"),
                "plan:\n  - action: shell\n    shell: echo hello\n");
        git("add", "-A");
    }

    @AfterEach
    void stop() {
        forge.close();
    }

    private String work() {
        return directory.resolve("work").toString();
    }

    private String git(String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", work()));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new)).strip();
    }

    private String push(String message) {
        git("commit", "-q", "--allow-empty", "-m", message);
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git("push", "-q", "http://" + authority + "/alice/hello.git", "main");
        return git("rev-parse", "HEAD");
    }

    private void awaitStates(String commit, String context, String... states) {
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(
                        () -> assertThat(forge.states(commit, context)).containsExactly(states));
    }

    private List<Reply> sweep(String repository) {
        var replies = new ArrayList<Reply>();
        new ControlClient(StateDirectory.controlSocket(directory.resolve("state")))
                .send(new Command.Sweep(repository), replies::add);
        return replies;
    }

    @Test
    void whatIsPushedWhileItIsAwayIsTestedWhenItIsBack() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            assertThat(sweep("").getFirst())
                    .isInstanceOfSatisfying(
                            Reply.Swept.class,
                            swept -> assertThat(swept.problem()).contains("not known yet"));
            forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
            String first = push("first");
            awaitStates(first, "airlock", "pending", "success");
            assertThat(sweep("alice/hello"))
                    .hasSize(2)
                    .first()
                    .isInstanceOfSatisfying(
                            Reply.Swept.class, swept -> assertThat(swept.problem()).isEmpty());
        }
        String missed = push("missed");
        try (var _ = Bot.quick(directory, forge, host, "")) {
            awaitStates(missed, "airlock/main", "pending", "pending", "success");
        }
        int machines = host.started().size();
        String skipped = push("a comma [skip ci]");
        try (var _ = Bot.quick(directory, forge, host, "")) {
            awaitStates(skipped, "airlock", "pending", "error");
            assertThat(host.started()).hasSize(machines);
            var states = new ArrayList<Reply>();
            new ControlClient(StateDirectory.controlSocket(directory.resolve("state")))
                    .send(new Command.SweepStates(), states::add);
            assertThat(states.getFirst())
                    .isEqualTo(new Reply.Swept("demo/alice/hello", 0, false, ""));
            assertThat(sweep("alice/none").getLast()).isInstanceOf(Reply.Problem.class);
        }
    }
}
