package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class NetworkCommandTest {
    private static final String RUN = "k3q5x7m2vb4hj6tnd2fa";

    @RegisterExtension final CannedServer server = new CannedServer();

    private String said(Reply... replies) {
        server.answer(replies);
        assertThat(server.run("network", RUN)).isEqualTo(ExitCode.OK);
        return server.out();
    }

    private static Reply place(
            String phase, String place, String comment, long connections, String reason) {
        return new Reply.Place(
                phase,
                place,
                Optional.of(comment).filter(text -> !text.isEmpty()),
                connections,
                20 * connections,
                4000 * connections,
                reason.isEmpty() ? 0 : 1,
                Optional.of(reason).filter(text -> !text.isEmpty()));
    }

    @Test
    void showsConnectionsAndTheListThatAllowsThem() {
        assertThat(
                        said(
                                place("pre_plan", "a.example:443", "crates (new)", 1, ""),
                                place("pre_plan", "b.example:443", "", 0, "is not on it"),
                                place("post_plan", "c.example:22", "", 2, "")))
                .isEqualTo(
                        """
                        phase      connections           sent       received  refused  place
                        pre_plan             1             20           4000        0  a.example:443 (crates (new))
                        pre_plan             0              0              0        1  b.example:443
                        post_plan            2             40           8000        0  c.example:22

                        network:
                          pre_plan:
                            allow:
                              - a.example:443
                              # - b.example:443 # is not on it
                          post_plan:
                            allow:
                              - c.example:22
                        """);
    }

    @Test
    void aRunWithoutAnyConnectionSaysSo() {
        assertThat(said()).isEqualTo("no machine of it connected to anything, or tried to\n");
    }

    @Test
    void aGuestsWordsCannotWriteOnTheTerminal() {
        assertThat(said(place("pre_plan", "\u001b[2Jx:1", "\u001b[2J", 1, "")))
                .doesNotContain("\u001b");
    }
}
