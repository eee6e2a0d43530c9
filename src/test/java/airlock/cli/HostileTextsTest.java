package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Reply;
import airlock.event.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts of strangers on an operator's terminal: of what a terminal obeys only colours survive,
/// and those in logs alone.
final class HostileTextsTest {
    /// Clears the screen, sets the title, answers as a keyboard would, turns the line round, hides
    /// the rest, in both ways to write each.
    private static final String EVIL =
            "a\u001b[2J\u001b]0;title\u0007\u009b5n\u001bP+q\u001b\\\u202eb\u2066c\u200bd\r"
                    + "\be\u0000\u001b[8mf";

    private static final String RUN = "k3q5x7m2vb4hj6tnd2fa";

    /// What a terminal shows as it is; line breaks are Airlock's own.
    private static final Pattern PLAIN = Pattern.compile("[\\P{C}\\n]*");

    private static final Pattern COLOURED =
            Pattern.compile("(?:[\\P{C}\\n\\t]|\u001b\\[[0-9;]*m)*");

    @TempDir Path directory;
    private CannedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new CannedServer(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String said(String... words) {
        server.run(words);
        return server.out() + server.err();
    }

    @Test
    void runsAreListedInPlainText() {
        server.answer(
                new Reply.Run(
                        new RunId(RUN), EVIL, EVIL, "ab".repeat(20), EVIL, "failed", EVIL, 0, 0),
                new Reply.Request(EVIL, EVIL, EVIL, "ab".repeat(20), EVIL, EVIL, 0),
                new Reply.Done(EVIL));

        assertThat(said("runs")).contains("a�[2J").matches(PLAIN);
    }

    @Test
    void whyNothingWasDoneIsPlainText() {
        server.answer(new Reply.Problem(EVIL));

        assertThat(said("cancel", RUN)).contains("a�[2J").matches(PLAIN);
    }

    @Test
    void whatAVmTookIsPlainText() {
        server.answer(new Reply.VmTime(EVIL, EVIL, EVIL, Map.of(EVIL, 1L)), new Reply.Done(EVIL));

        assertThat(said("vm", "time")).contains("a�[2J").matches(PLAIN);
    }

    @Test
    void whatASweepMetIsPlainText() {
        server.answer(new Reply.Swept(EVIL, 1, false, EVIL), new Reply.Done(""));

        assertThat(said("sweep")).contains("a�[2J").matches(PLAIN);
    }

    @Test
    void whatTakesRoomIsPlainText() {
        server.answer(
                new Reply.Used(EVIL, "logs", 1, 1, 1, 0),
                new Reply.Over(EVIL, "logs", 2, 1),
                new Reply.Disk(1, 1, 1, 1, 1, 1),
                new Reply.Done(""));

        assertThat(said("du")).contains("a�[2J").matches(PLAIN);
    }

    @Test
    void ofALogOnlyColoursSurvive() {
        server.answer(
                new Reply.Text("plan", 0, 1, EVIL + "\u001b[31mred\u001b[0m\n"),
                new Reply.Done(EVIL));

        assertThat(said("log", RUN)).contains("red").matches(COLOURED);
    }
}
