package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/// How the answers of a server about runs, and its lists, are printed.
class RunsCommandTest {
    private static final String ID = "abcdefghijklmnopqrst";
    private static final String COMMIT = "ab".repeat(20);

    @RegisterExtension final CannedServer server = new CannedServer();

    private static Reply.Run run(String plan, String state, long took) {
        return run("main", Optional.of(plan), state, "why", Optional.of(Duration.ofMillis(took)));
    }

    private static Reply.Run run(
            String subject,
            Optional<String> plan,
            String state,
            String reason,
            Optional<Duration> took) {
        var since = Instant.EPOCH;
        return new Reply.Run(ID, "alice/hello", subject, COMMIT, plan, state, reason, since, took);
    }

    @Test
    void runsCellsAndRequestsStandUnderAHeaderWithTheirDurations() {
        server.answer(
                run("#7", Optional.empty(), "queued", "its turn", Optional.empty()),
                run("test (os=a)", "failed", 63_000),
                run("main", "passed", 1_500));

        assertThat(server.run("runs")).as(server.err()).isEqualTo(ExitCode.OK);

        assertThat(server.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "ID KIND STATE SINCE TOOK REPOSITORY REF COMMIT PLAN REASON",
                        ID
                                + " request queued 1970-01-01T00:00:00Z - alice/hello #7"
                                + " abababababab - its turn",
                        ID
                                + " cell failed 1970-01-01T00:00:00Z 1m03s alice/hello main"
                                + " abababababab test (os=a) why",
                        ID
                                + " run passed 1970-01-01T00:00:00Z 1.5s alice/hello main"
                                + " abababababab main why");
    }

    @Test
    void filtersGoToTheServer() {
        server.answer(new Reply.Text("", 0, 0, "{}\n"), new Reply.Done(""));

        String[] words = {"runs", "-n", "3", "--repository", "a/b", "--ref", "#7", "--json"};
        server.run(words);
        server.run("runs", "--state", "timed_out");

        assertThat(server.asked())
                .isEqualTo(
                        List.of(
                                new Command.Runs(3, "a/b", "#7", "", true),
                                new Command.Runs(20, "", "", "timed out", false)));
        assertThat(server.out()).startsWith("{}\n");
    }

    @Test
    void waitingAndFollowingEndAsTheRunDid() {
        for (String[] words : List.of(new String[] {"wait", ID}, new String[] {"log", "-f", ID})) {
            server.answer(run("main", "passed", 1), new Reply.Done(""));
            assertThat(server.run(words)).isEqualTo(ExitCode.OK);
            server.answer(run("main", "timed out", 1), new Reply.Done(""));
            assertThat(server.run(words)).isEqualTo(ExitCode.NO);
            server.answer(run("main", "cancelled", 1), new Reply.Done(""));
            assertThat(server.run(words)).isEqualTo(ExitCode.BROKE);
            server.answer(new Reply.Problem("there is no run"));
            assertThat(server.run(words)).isEqualTo(ExitCode.NO);
        }
        assertThat(server.out()).contains("timed out why\n");
    }

    @Test
    void listsAreJsonByTheRulesOfTheApi() throws IOException {
        server.answer(
                new Reply.Cache(
                        "a/b",
                        "main",
                        "listed",
                        "main",
                        "cache",
                        2,
                        99,
                        Instant.ofEpochSecond(1),
                        Optional.empty()));
        server.run("cache", "list", "--json");
        var cache = JsonMapper.shared().readTree(server.out()).path("caches").get(0);
        assertThat(cache.path("made_at").asString()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(cache.path("bytes").asLong()).isEqualTo(99);
        assertThat(cache.path("reused_since").isNull()).isTrue();
    }

    @Test
    void whatIsOfNothingIsAnEmptyListAndAProblemNoJsonAtAll() {
        server.answer();
        for (String[] words :
                List.of(
                        new String[] {"token", "list", "--json"},
                        new String[] {"secret", "list", "--json"},
                        new String[] {"network", ID, "--json"})) {
            assertThat(server.run(words)).isEqualTo(ExitCode.OK);
        }
        assertThat(server.out().replaceAll("\\s", ""))
                .isEqualTo("{\"tokens\":[]}{\"secrets\":[]}{\"places\":[]}");

        server.answer(new Reply.Problem("no"));
        assertThat(server.run("token", "list", "--json")).isEqualTo(ExitCode.NO);
        assertThat(server.err()).contains("no");
    }
}
