package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.cli.AirlockCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `airlock deliver` against a server that has only this to go by.
class DeliverTest extends OnForge {
    private static final String PUSH = "webhook-samples/gitea/push.json";

    private Bot bot;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        bot = Bot.start(directory, forge, host);
    }

    @AfterEach
    void stop() {
        bot.close();
    }

    private int deliver(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        var line = new ArrayList<>(List.of("deliver"));
        line.addAll(List.of("--config", directory.resolve("airlock.yaml").toString()));
        line.addAll(List.of(arguments));
        return AirlockCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
    }

    @Test
    void aSampleOfAPushBecomesAStatusOfTheCommitThatWasPutIn() throws Exception {
        String commit = pushed();

        int code =
                deliver(
                        "--url=" + bot.url(),
                        "--hook=demo/alice/hello",
                        "--set=after=" + commit,
                        "--set=repository=alice/hello",
                        PUSH);

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).startsWith("202 ").contains("http://ci.test/");
        awaitState(commit, "airlock/main", "success");
    }

    @Test
    void whatTheServerRefusesEndsWithOneAndItsAnswer() {
        // the first one pins the hook to the repository's id
        deliver(
                "--url=" + bot.url(),
                "--hook=demo/alice/hello",
                "--set=repository=alice/hello",
                PUSH);
        assertThat(out.toString()).startsWith("202 ");

        int code =
                deliver(
                        "--url=" + bot.url(),
                        "--hook=demo/alice/hello",
                        "--set=repository.id=8",
                        PUSH);

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).startsWith("409 ").contains("the body names demo:8");
    }

    @Test
    void aFieldThatTheSampleHasNotIsAUsageError() {
        assertThat(deliver("--url=" + bot.url(), "--hook=demo/alice/hello", "--set=nope=1", PUSH))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no field 'nope'");
    }

    @Test
    void aFileThatIsNoSampleIsAUsageError() {
        assertThat(deliver("--hook=demo/alice/hello", "README.md")).isEqualTo(2);
        assertThat(err.toString()).contains("README.md");
    }

    @Test
    void aHookThatIsNotConfiguredIsNamed() {
        for (String hook : List.of("demo/alice/other", "other/alice/hello", "demo", "")) {
            assertThat(deliver("--hook=" + hook, PUSH)).as(hook).isEqualTo(4);
            assertThat(err.toString()).contains("no hook '" + hook + "'");
        }
    }

    @Test
    void whereNobodyListensThatIsSaidInOneLine() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        int code = deliver("--url=http://127.0.0.1:" + port, "--hook=demo/alice/hello", PUSH);

        assertThat(code).isEqualTo(4);
        assertThat(err.toString().lines().toList().getLast())
                .contains("no server answers at http://127.0.0.1:" + port, "serve");
    }

    private String pushed() throws Exception {
        String plan = "plan: [{action: shell, shell: echo x}]\n";
        String commit = checkout().commit(".airlock.yaml", plan);
        checkout().push("main");
        return commit;
    }
}
