package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.cli.RunsCommand.LogPrinter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogPrinterTest {
    private static final int HOST = 0;
    private static final int OUT = 1;
    private static final int ERR = 2;
    private final StringWriter out = new StringWriter();

    private final LogPrinter pipe = new LogPrinter(new PrintWriter(out), false);
    private final LogPrinter terminal = new LogPrinter(new PrintWriter(out), true);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalGetsColoursAndNothingElseThatItWouldObey() {
        terminal.print(
                "plan 0", OUT, bytes("\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2Jend\n"));

        assertThat(out.toString()).isEqualTo("\u001b[0;31mred\u001b[0m end\n");
    }

    @Test
    void aPipeGetsNoColours() {
        pipe.print("plan 0", OUT, bytes("\u001b[31mred\u001b[0m end\n"));

        assertThat(out.toString()).isEqualTo("red end\n");
    }

    @Test
    void aSequenceThatOneStreamLeavesOpenDoesNotEatTheOther() {
        pipe.print("plan 0", OUT, bytes("a\u001b]0;"));
        pipe.print("plan 0", ERR, bytes("b\n"));
        pipe.print("plan 0", OUT, bytes("title\u0007c\n"));

        assertThat(out.toString()).isEqualTo("ab\nc\n");
    }

    @Test
    void norDoesItReachTheNextStep() {
        terminal.print("plan 0", OUT, bytes("\u001b[31m\u001b]0;"));
        terminal.print("plan 1", OUT, bytes("plain\n"));

        assertThat(out.toString()).isEqualTo("plain\n");
    }

    @Test
    void aCharacterThatIsCutComesWholeAndOneThatNeverEndsIsShown() {
        byte[] euro = bytes("€");
        pipe.print("plan 0", OUT, new byte[] {euro[0]});
        pipe.print("plan 0", OUT, new byte[] {euro[1], euro[2]});
        pipe.print("plan 0", OUT, new byte[] {euro[0]});
        pipe.finish();

        assertThat(out.toString()).isEqualTo("€\ufffd");
    }

    @Test
    void whatAirlockSaysBeginsALine() {
        pipe.print("plan -1", HOST, bytes("plan: tcg\n"));
        pipe.print("plan 0", OUT, bytes("no line's end"));
        pipe.print("plan -1", HOST, bytes("passed\n"));

        assertThat(out.toString().lines()).containsExactly("plan: tcg", "no line's end", "passed");
    }
}
