package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `airlock token` against a server that answers from a list.
final class TokenCommandTest {
    private static final Instant SECOND = Instant.ofEpochSecond(1);
    private static final Instant DAY = Instant.ofEpochSecond(86_400);
    private static final String TOKEN = "airlock_" + "5a".repeat(32);

    @RegisterExtension final CannedServer server = new CannedServer();

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(arguments));
        return server.run(all.toArray(String[]::new));
    }

    @Test
    void aNewTokenIsPrintedAndNothingElse() {
        server.answer(new Reply.TokenText(TOKEN), new Reply.Done(""));
        assertThat(run("new", "dash", "alice/hello", "bob/x", "--days", "30"))
                .isEqualTo(ExitCode.OK);
        assertThat(server.asked())
                .containsExactly(new Command.NewToken("dash", List.of("alice/hello", "bob/x"), 30));
        assertThat(server.out()).isEqualTo(TOKEN + System.lineSeparator());
    }

    @Test
    void ninetyDaysAreUsual() {
        server.answer();
        run("new", "dash", "alice/hello");
        assertThat(server.asked())
                .containsExactly(new Command.NewToken("dash", List.of("alice/hello"), 90));
    }

    @Test
    void aTokenForNoRepositoryIsAUsageError() {
        assertThat(run("new", "dash")).isEqualTo(ExitCode.USAGE);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void theListTellsWhatEachOpensAndUntilWhenInPlainText() {
        server.answer(
                new Reply.Token("a", List.of("alice/hello"), "ada", Instant.EPOCH, DAY, true),
                new Reply.Token("b", List.of("x/\u001b[31m"), "ada", Instant.EPOCH, SECOND, false));
        assertThat(run("list")).isEqualTo(ExitCode.OK);
        assertThat(server.out().lines())
                .containsExactly(
                        "a  alice/hello  until 1970-01-02T00:00:00Z  made by ada",
                        "b  x/�[31m  until 1970-01-01T00:00:01Z (expired)  made by ada");
    }

    @Test
    void whatCanNotBeRevokedEndsWithNo() {
        server.answer(new Reply.Problem("there is no token 'x'"));
        assertThat(run("revoke", "x")).isEqualTo(ExitCode.NO);
        assertThat(server.asked()).containsExactly(new Command.RevokeToken("x"));
        assertThat(server.err()).contains("there is no token 'x'");
    }
}
