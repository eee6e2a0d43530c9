package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StateDirectory;
import airlock.control.Command;
import airlock.control.ControlServer;
import airlock.control.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock token` against a server that answers from a list.
final class TokenCommandTest {
    private static final String TOKEN = "airlock_" + "5a".repeat(32);

    @TempDir Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Command> asked = new ArrayList<>();
    private List<Reply> answers = List.of();
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
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
                        (command, _, replies) -> {
                            asked.add(command);
                            answers.forEach(replies);
                        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", directory.resolve("airlock.yaml").toString()));
        return AirlockCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void aNewTokenIsPrintedAndNothingElse() {
        answers = List.of(new Reply.TokenText(TOKEN), new Reply.Done(""));
        assertThat(run("new", "dash", "alice/hello", "bob/x", "--days", "30"))
                .isEqualTo(ExitCode.OK);
        assertThat(asked)
                .containsExactly(new Command.NewToken("dash", List.of("alice/hello", "bob/x"), 30));
        assertThat(out.toString()).isEqualTo(TOKEN + System.lineSeparator());
    }

    @Test
    void ninetyDaysAreUsual() {
        answers = List.of(new Reply.Done(""));
        run("new", "dash", "alice/hello");
        assertThat(asked).containsExactly(new Command.NewToken("dash", List.of("alice/hello"), 90));
    }

    @Test
    void aTokenForNoRepositoryIsAUsageError() {
        assertThat(run("new", "dash")).isEqualTo(ExitCode.USAGE);
        assertThat(asked).isEmpty();
    }

    @Test
    void theListTellsWhatEachOpensAndUntilWhenInPlainText() {
        answers =
                List.of(
                        new Reply.Token("a", List.of("alice/hello"), "ada", 0, 86_400_000, true),
                        new Reply.Token("b", List.of("x/\u001b[31m"), "ada", 0, 1000, false),
                        new Reply.Done(""));
        assertThat(run("list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines())
                .containsExactly(
                        "a  alice/hello  until 1970-01-02T00:00:00Z  made by ada",
                        "b  x/[31m  until 1970-01-01T00:00:01Z (opens nothing)  made by ada");
    }

    @Test
    void whatCanNotBeRevokedEndsWithNo() {
        answers = List.of(new Reply.Problem("there is no token 'x'"));
        assertThat(run("revoke", "x")).isEqualTo(ExitCode.NO);
        assertThat(asked).containsExactly(new Command.RevokeToken("x"));
        assertThat(err.toString()).contains("there is no token 'x'");
    }
}
