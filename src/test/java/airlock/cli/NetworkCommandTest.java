package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Reply;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkCommandTest {
    private static final String RUN = "k3q5x7m2vb4hj6tnd2fa";

    @TempDir Path directory;

    private String said(Reply... replies) throws IOException {
        try (var server = new CannedServer(directory)) {
            server.answer(replies);
            assertThat(server.run("network", RUN)).isEqualTo(ExitCode.OK);
            return server.out();
        }
    }

    @Test
    void whatWasConnectedToIsShownWithTheListThatLetsIt() throws IOException {
        assertThat(
                        said(
                                new Reply.Place(
                                        "pre_plan",
                                        "a.example:443",
                                        "crates (new)",
                                        3,
                                        20,
                                        4000,
                                        0,
                                        ""),
                                new Reply.Place(
                                        "pre_plan",
                                        "b.example:443",
                                        "",
                                        0,
                                        0,
                                        0,
                                        1,
                                        "is not on it"),
                                new Reply.Place("post_plan", "c.example:22", "", 1, 5, 6, 0, ""),
                                new Reply.Done("")))
                .isEqualTo(
                        """
                        phase      connections           sent       received  refused  place
                        pre_plan             3             20           4000        0  a.example:443 (crates (new))
                        pre_plan             0              0              0        1  b.example:443
                        post_plan            1              5              6        0  c.example:22

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
    void aRunWithoutAnyConnectionSaysSo() throws IOException {
        assertThat(said(new Reply.Done("")))
                .isEqualTo("no machine of it connected to anything, or tried to\n");
    }

    @Test
    void aGuestsWordsCannotWriteOnTheTerminal() throws IOException {
        assertThat(
                        said(
                                new Reply.Place(
                                        "pre_plan", "\u001b[2Jx:1", "\u001b[2J", 1, 0, 0, 0, ""),
                                new Reply.Done("")))
                .doesNotContain("\u001b");
    }
}
