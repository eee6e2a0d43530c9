package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A request whose source can't be read, since the configuration is wrong.
final class BrokenRequestTest extends OnForge {
    private static final String PLAN = "plan: [{action: shell, shell: echo hello}]\n";
    private static final String WITHOUT = "Ended without a run";

    private String wrong = "";

    @BeforeEach
    void start() {
        wrong = "url: " + forge.url() + "/alice/wrong.git";
    }

    private static String request(Bot bot) throws Exception {
        var found = Pattern.compile("/requests/([a-z2-7]{20})").matcher(bot.get("/"));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void itIsShownWhereverRunsAreAndTestedWhenTheOperatorHasCorrectedTheAddress() throws Exception {
        String commit;
        try (var bot = Bot.quick(directory, forge, host, wrong)) {
            commit = push(bot, PLAN);
            awaitState(commit, "airlock", "error");
            String request = request(bot);
            for (String page : List.of("/", "/?repository=demo/alice/hello", "/?subject=main")) {
                assertThat(bot.get(page))
                        .as(page)
                        .contains(WITHOUT, request, "broke", "is the URL right");
            }
            assertThat(bot.get("/?subject=other")).doesNotContain(request);
            assertThat(bot.get("/api/v1/requests")).contains(request, "\"broke\"");
            assertThat(bot.get("/badges/demo/alice/hello.svg")).contains("broke");
            assertThat(bot.ask(new Command.Runs(9)))
                    .first()
                    .isInstanceOfSatisfying(
                            Reply.Run.class,
                            row -> {
                                assertThat(row.id()).isEqualTo(request);
                                assertThat(row.state()).isEqualTo("broke");
                                assertThat(row.plan()).isEmpty();
                            });
            assertThat(bot.ask(new Command.Runs(9, "alice/hello", "main", "broke", false)))
                    .hasAtLeastOneElementOfType(Reply.Run.class);
        }
        try (var bot = Bot.quick(directory, forge, host, "")) {
            awaitState(commit, "airlock", "success");
            assertThat(bot.get("/")).doesNotContain(WITHOUT);
            assertThat(bot.runs()).hasSize(1);
        }
    }

    @Test
    void aPersonMayRunItAgain() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, wrong)) {
            String commit = push(bot, PLAN);
            awaitState(commit, "airlock", "error");
            String request = request(bot);
            forge.host(7, "alice/wrong", directory.resolve("hello.git"), false);

            assertThat(bot.ask(new Command.Rerun(request, false)))
                    .last()
                    .isInstanceOf(Reply.Done.class);

            awaitState(commit, "airlock", "success");
            assertThat(bot.get("/api/v1/runs")).contains("\"trust\":\"listed\"");
            assertThat(bot.get("/")).as("the first one is history").contains(WITHOUT);
            assertThat(bot.ask(new Command.Rerun("a".repeat(20), false)))
                    .last()
                    .isInstanceOf(Reply.Problem.class);
        }
    }

    @Test
    void whatGitNeverShowedAtTheTipIsNotRunAgainSinceItIsNotTheTipAnyMore() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, wrong)) {
            String old = push(bot, PLAN);
            awaitState(old, "airlock", "error");
            String request = request(bot);
            forge.host(7, "alice/wrong", directory.resolve("hello.git"), false);
            String tip = push(bot, PLAN + "# more\n");
            awaitState(tip, "airlock", "success");

            var _ = bot.ask(new Command.Rerun(request, true));

            awaitStates(old, "airlock", "pending", "error", "pending", "error");
            assertThat(bot.runs()).hasSize(1);
        }
    }
}
