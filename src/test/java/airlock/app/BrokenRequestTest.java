package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A request whose source can't be read, since the configuration is wrong.
final class BrokenRequestTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PLAN = "plan: [{action: shell, shell: echo hello}]\n";
    private static final String WITHOUT = "Ended without a run";

    @TempDir Path directory;
    private final FakeVmHost host = new FakeVmHost();
    private LoopbackForge forge;
    private String wrong = "";

    @BeforeEach
    void start() {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        wrong = "url: " + forge.url() + "/alice/wrong.git";
    }

    @AfterEach
    void stop() {
        forge.close();
    }

    private void awaitLast(String commit, String state) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(forge.states(commit, "airlock")).endsWith(state));
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
            commit = new Pushes(directory, forge).push(bot, PLAN);
            awaitLast(commit, "error");
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
                            Reply.Request.class,
                            row -> {
                                assertThat(row.id()).isEqualTo(request);
                                assertThat(row.state()).isEqualTo("broke");
                            });
            assertThat(bot.ask(new Command.Runs(9, "alice/hello", "main", "broke", false)))
                    .hasAtLeastOneElementOfType(Reply.Request.class);
        }
        try (var bot = Bot.quick(directory, forge, host, "")) {
            awaitLast(commit, "success");
            assertThat(bot.get("/")).doesNotContain(WITHOUT);
            assertThat(bot.runs()).hasSize(1);
        }
    }

    @Test
    void aPersonMayRunItAgain() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, wrong)) {
            String commit = new Pushes(directory, forge).push(bot, PLAN);
            awaitLast(commit, "error");
            String request = request(bot);
            forge.host(7, "alice/wrong", directory.resolve("hello.git"), false);

            assertThat(bot.ask(new Command.Rerun(request, false)))
                    .last()
                    .isInstanceOf(Reply.Done.class);

            awaitLast(commit, "success");
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
            var pushes = new Pushes(directory, forge);
            String old = pushes.push(bot, PLAN);
            awaitLast(old, "error");
            String request = request(bot);
            forge.host(7, "alice/wrong", directory.resolve("hello.git"), false);
            String tip = pushes.push(bot, PLAN + "# more\n");
            awaitLast(tip, "success");

            var _ = bot.ask(new Command.Rerun(request, true));

            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(forge.states(old, "airlock"))
                                            .containsExactly(
                                                    "pending", "error", "pending", "error"));
            assertThat(bot.runs()).hasSize(1);
        }
    }
}
