package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.Bot;
import airlock.app.HangingHost;
import airlock.app.Pushes;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.house.LoopbackForge;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Runs over the control socket of a whole server.
final class RunCommandsTest {
    private static final String ANY = "";

    @TempDir Path directory;

    private static List<String> states(List<Reply> replies) {
        return replies.stream()
                .filter(Reply.Run.class::isInstance)
                .map(reply -> ((Reply.Run) reply).state())
                .toList();
    }

    private static List<String> states(Bot bot, String repository, String ref, String state) {
        return states(bot.ask(new Command.Runs(9, repository, ref, state, false)));
    }

    @Test
    void runsAreFilteredAndJsonAndWaitedFor() throws Exception {
        var host = new HangingHost();
        try (var forge = LoopbackForge.start(0)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            try (var bot = Bot.start(directory, forge, host)) {
                new Pushes(directory, forge)
                        .push(bot, "plan: [{action: shell, shell: echo never}]\n");
                host.awaitStart();
                var run = new RunId(bot.runs().getFirst());

                assertThat(states(bot, ANY, ANY, ANY)).containsExactly("running");
                assertThat(states(bot, "alice/hello", "main", "running")).hasSize(1);
                assertThat(states(bot, ANY, ANY, "passed")).isEmpty();
                assertThat(states(bot, ANY, "#7", ANY)).isEmpty();
                for (var wrong : List.of(runs("bob/hello", ANY), runs(ANY, "a..b"))) {
                    assertThat(bot.ask(wrong)).singleElement().isInstanceOf(Reply.Problem.class);
                }
                assertThat(json(bot)).contains(run.text(), "\"running\"");

                var ended =
                        CompletableFuture.supplyAsync(
                                () -> bot.ask(new Command.Wait(run)),
                                task -> Thread.ofVirtual().start(task));
                var followed =
                        CompletableFuture.supplyAsync(
                                () -> bot.ask(new Command.Log(run, 0, true)),
                                task -> Thread.ofVirtual().start(task));
                assertThat(ended).isNotDone();
                bot.ask(new Command.Cancel(run));

                assertThat(states(ended.get())).containsExactly("cancelled");
                assertThat(states(followed.get())).containsExactly("cancelled");
                assertThat(bot.ask(new Command.Wait(RunId.random())))
                        .singleElement()
                        .isInstanceOf(Reply.Problem.class);
            }
        }
    }

    private static Command.Runs runs(String repository, String ref) {
        return new Command.Runs(9, repository, ref, ANY, false);
    }

    private static String json(Bot bot) {
        String text =
                bot.ask(new Command.Runs(9, ANY, ANY, ANY, true)).stream()
                        .filter(Reply.Text.class::isInstance)
                        .map(reply -> ((Reply.Text) reply).text())
                        .collect(Collectors.joining());
        var read = JsonMapper.shared().readTree(text);
        assertThat(read.path("requests")).isEmpty();
        return read.path("runs").toString();
    }
}
