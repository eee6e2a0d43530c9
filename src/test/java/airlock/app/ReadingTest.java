package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.vm.BootFiles;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The whole bot as readers meet it: tokens, what is private, what the forge shows (T9, T10).
final class ReadingTest extends OnForge {
    private static final String NOWHERE = "nowhereaaaaaaaaaaaaa";
    private static final String PLAN = "plan: [{action: shell, shell: echo hello}]\n";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Bot start(boolean hidden, String more) throws Exception {
        forge.host(7, "alice/hello", directory.resolve("hello.git"), hidden);
        return Bot.start(
                directory, forge, host, new BootFiles(directory, directory, directory), more);
    }

    private void tested(Bot bot) throws Exception {
        awaitStates(push(bot, PLAN), "airlock", "pending", "success");
    }

    private static String token(Bot bot, String name) {
        var replies = bot.ask(new Command.NewToken(name, List.of("alice/hello"), 90));
        assertThat(replies.getLast()).isEqualTo(new Reply.Done(""));
        return ((Reply.TokenText) replies.getFirst()).text();
    }

    private static String only(String body, String list) {
        return JSON.readTree(body).path(list).path(0).path("id").asString();
    }

    private static List<Object> shape(HttpResponse<String> answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return List.of(answer.statusCode(), answer.body(), headers);
    }

    @Test
    void aTokenOpensWhatIsPrivateUntilItIsRevoked() throws Exception {
        try (var bot = start(false, "public: false\n    id: 7")) {
            tested(bot);
            String token = token(bot, "ada");
            String run = only(bot.get("/api/v1/runs", token).body(), "runs");
            for (String path :
                    List.of("/runs/" + run, "/api/v1/runs/" + run, "/runs/" + run + "/log.jsonl")) {
                assertThat(bot.get(path, token).statusCode()).as(path).isEqualTo(200);
                assertThat(bot.get(path, token).body())
                        .as("what stood between its VMs and the host, in " + path)
                        .contains("tcg (emulation, no boundary of its own)");
                assertThat(bot.get(path, "").statusCode()).as(path).isEqualTo(404);
            }
            assertThat(bot.get("/badges/demo/alice/hello.svg", token).body()).contains("passing");
            assertThat(bot.get("/badges/demo/alice/hello.svg", "").body()).contains("unknown");

            assertThat(bot.ask(new Command.ListTokens()).getFirst())
                    .isInstanceOfSatisfying(
                            Reply.Token.class,
                            listed -> {
                                assertThat(listed.repositories())
                                        .containsExactly("demo/alice/hello");
                                assertThat(listed.valid()).isTrue();
                                assertThat(listed.toString()).doesNotContain(token);
                            });
            assertThat(bot.ask(new Command.RevokeToken("ada")).getLast())
                    .isInstanceOf(Reply.Done.class);
            assertThat(shape(bot.get("/runs/" + run, token)))
                    .isEqualTo(shape(bot.get("/runs/" + run, "")))
                    .isEqualTo(shape(bot.get("/runs/" + NOWHERE, "")));
        }
    }

    @Test
    void whatTheForgeShowsToEverybodyIsSeenByEverybody() throws Exception {
        try (var bot = start(false, "public: ask\n    id: 7")) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(bot.get("/")).contains("alice/hello"));
        }
    }

    @Test
    void whatTheForgeHidesFromEverybodyIsSeenByNobody() throws Exception {
        try (var bot = start(true, "public: ask\n    id: 7")) {
            await().atMost(LONG)
                    .until(
                            () ->
                                    forge.asked().stream()
                                            .anyMatch(a -> a.contains("/repos/alice/hello")));
            assertThat(bot.get("/")).doesNotContain("alice/hello");
        }
    }

    @Test
    void whatCanNotBeATokenIsToldWithTheCure() throws Exception {
        try (var bot = start(false, "id: 7")) {
            token(bot, "ada");
            assertThat(problem(bot, new Command.NewToken("ada", List.of("alice/hello"), 90)))
                    .contains("airlock token revoke ada");
            assertThat(problem(bot, new Command.NewToken("b", List.of("bob/none"), 90)))
                    .contains("bob/none");
            assertThat(problem(bot, new Command.NewToken("b", List.of("alice/hello"), 0)))
                    .contains("a life of 1 to");
            assertThat(problem(bot, new Command.NewToken("B b", List.of("alice/hello"), 1)))
                    .contains("B b");
            assertThat(problem(bot, new Command.RevokeToken("none")))
                    .contains("airlock token list");
        }
    }

    private static String problem(Bot bot, Command command) {
        return ((Reply.Problem) bot.ask(command).getLast()).message();
    }

    private void makeRunsEndless() throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + directory.resolve("state/airlock.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            String columns;
            try (var names =
                    statement.executeQuery(
                            """
                            SELECT group_concat('i AS ' || name)
                            FROM pragma_table_info('run')
                            """)) {
                columns = names.getString(1);
            }
            statement.execute("ALTER TABLE run RENAME TO kept_run");
            statement.execute(
                    """
                    CREATE VIEW run AS
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                    SELECT %s FROM n
                    """
                            .formatted(columns));
        }
    }

    @Test
    void aPageAndAnAnswerOfTheApiThatTakeTooLongAre503WithRetryAfter() throws Exception {
        try (var bot = start(false, "id: 7");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(bot.get("/", "").statusCode()).isEqualTo(200);
            makeRunsEndless();
            var slow =
                    threads.invokeAll(
                            List.<Callable<HttpResponse<String>>>of(
                                    () -> bot.get("/", ""),
                                    () -> bot.get("/api/v1/runs", ""),
                                    () -> bot.get("/healthz", "")));
            for (var refused : slow.subList(0, 2)) {
                assertThat(refused.get().statusCode()).isEqualTo(503);
                assertThat(refused.get().headers().firstValue("Retry-After")).isPresent();
            }
            assertThat(slow.getLast().get().statusCode()).isEqualTo(200);
        }
    }
}
