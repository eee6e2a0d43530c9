package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Reply;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Strangers' text on an operator's terminal: escape sequences are removed, but for colours in
/// logs.
final class HostileTextsTest {
    /// Clears the screen, sets the title, types an answer, reverses the line and hides the rest,
    /// each in 7 and 8 bits.
    private static final String EVIL =
            "a\u001b[2J\u001b]0;title\u0007\u009b5n\u001bP+q\u001b\\\u202eb\u2066c\u200bd\r"
                    + "\be\u0000\u001b[8mf";

    private static final String RUN = "k3q5x7m2vb4hj6tnd2fa";

    /// Printable text, and Airlock's own line breaks.
    private static final Pattern PLAIN = Pattern.compile("[\\P{C}\\n]*");

    private static final Pattern COLOURED =
            Pattern.compile("(?:[\\P{C}\\n\\t]|\u001b\\[[0-9;]*m)*");

    @RegisterExtension final CannedServer server = new CannedServer();

    private String said(String... words) {
        server.run(words);
        return server.out() + server.err();
    }

    @Test
    void runsAreListedInPlainText() {
        server.answer(
                new Reply.Run(
                        EVIL,
                        EVIL,
                        EVIL,
                        "ab".repeat(20),
                        Optional.of(EVIL),
                        EVIL,
                        EVIL,
                        Instant.EPOCH,
                        Optional.empty()),
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
                new Reply.Used(EVIL, "logs", 1, 1, 1, Instant.EPOCH),
                new Reply.Over(EVIL, "logs", 2, 1),
                new Reply.Disk(1, 1, 1, 1, 1, 1));

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
