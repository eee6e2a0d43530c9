package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.machine.StateDirectory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The whole bot is away while something is pushed, and finds it when it is back.
final class MissedPushTest extends OnForge {

    private String push(String message) throws Exception {
        var checkout = checkout();
        checkout.write(".airlock.yaml", "plan: [{action: shell, shell: echo hello}]\n");
        checkout.git("add", "-A");
        checkout.git("commit", "-q", "--allow-empty", "-m", message);
        checkout.push("main");
        return checkout.git("rev-parse", "HEAD");
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
