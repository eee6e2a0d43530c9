package airlock.text;

import static airlock.text.TextStyle.NO_COLOUR;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.text.TextStyle.StyledText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnsiTextTest {
    @Test
    void coloursAndBoldSurvive() {
        assertThat(read("\u001b[1;31mred\u001b[0m plain \u001b[42mon green\u001b[m"))
                .containsExactly(
                        new StyledText(new TextStyle(1, NO_COLOUR, true), "red"),
                        new StyledText(TextStyle.PLAIN, " plain "),
                        new StyledText(new TextStyle(NO_COLOUR, 2, false), "on green"));
    }

    @Test
    void bothNotationsOfManyColoursBecomeTheNearestOfSixteen() {
        assertThat(colourOf("38;5;9")).isEqualTo(9);
        assertThat(colourOf("38:5:196")).isEqualTo(9);
        assertThat(colourOf("38;5;255")).isEqualTo(7);
        assertThat(colourOf("38;2;0;0;250")).isEqualTo(4);
        assertThat(colourOf("38:2:255:255:255")).isEqualTo(15);
        assertThat(colourOf("97")).isEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "38",
                "38;5",
                "38;5;256",
                "38;2;1;2",
                "38;2;1;2;300",
                "999",
                "7",
                "8",
                ";;",
                "1000000000000",
                "38;9"
            })
    void parametersThatMeanNoColourChangeNone(String parameters) {
        assertThat(colourOf(parameters)).isEqualTo(NO_COLOUR);
    }

    @Test
    void textInTheColourOfItsBackgroundCanStillBeRead() {
        assertThat(read("\u001b[30;40mhidden"))
                .containsExactly(new StyledText(new TextStyle(0, NO_COLOUR, false), "hidden"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u001b]0;title\u0007b",
                "a\u001b]8;;https://evil.example/\u001b\\b",
                "a\u001b]52;c;cm0gLXJmIC8=\u0007b",
                "a\u001bP1$tx\u001b\\b",
                "a\u001b_apc\u001b\\b",
                "a\u001b^pm\u001b\\b",
                "a\u001bXsos\u009cb",
                "a\u009d0;title\u009cb",
                "a\u0090dcs\u001b\\b",
                "a\u001b[2J\u001b[1;1H\u001b[?1049h\u001b[6nb",
                "a\u009b2Jb",
                "a\u001b[>4;1mb",
                "a\u001b(0\u001b)B\u001b#8\u001b=\u001b>\u001b7\u001b8\u001bcb",
                "a\u001b[38;5\u0018b",
                "a\u001b\u001b[31\u001b[0mb",
                "a\u001b]0;unfinished\u001b[0mb",
                "a\u0000\u0001\b\u000b\f\u000e\u000f\u007f\u0085b",
                "a\u202e\u2066\u2069b",
                "a\u001b[\u001b]\u001bP\u001b\\b"
            })
    void everythingElseIsDropped(String hostile) {
        assertThat(StyledText.plain(read(hostile))).isEqualTo("ab");
    }

    @Test
    void anUnfinishedStringHidesNoMoreThanItsLine() {
        assertThat(StyledText.plain(read("a\u001b]0;hidden\nshown"))).isEqualTo("a\nshown");
        assertThat(StyledText.plain(read("\u001bP" + "x".repeat(5000) + "shown")))
                .endsWith("xshown");
    }

    @Test
    void aControlSequenceWithoutEndHidesNoMoreThanItMay() {
        assertThat(StyledText.plain(read("\u001b[" + "1;".repeat(5000) + "shown")))
                .endsWith("shown");
        assertThat(StyledText.plain(read("\u001b" + " ".repeat(5000) + "shown"))).endsWith("shown");
        assertThat(StyledText.plain(read("\u001b[12\nshown"))).isEqualTo("\nshown");
    }

    @Test
    void aCarriageReturnEndsALineOnce() {
        assertThat(StyledText.plain(read("10%\r100%\r\ndone\r\r\n")))
                .isEqualTo("10%\n100%\ndone\n");
    }

    @Test
    void whatIsNoUtf8IsShownAsSuch() {
        assertThat(AnsiText.plain(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}))
                .isEqualTo("a\ufffdb\ufffd");
    }

    @Test
    void piecesMayBeCutAnywhere() {
        byte[] all =
                "größe 👩‍💻 \u001b[1;38;5;9mred\u001b]0;t\u0007 x\u001b[0m\r\nend\r\n"
                        .getBytes(StandardCharsets.UTF_8);
        var whole = merged(read(all, all.length));
        for (int size = 1; size < all.length; size++) {
            assertThat(merged(read(all, size))).as("pieces of %d bytes", size).isEqualTo(whole);
        }
    }

    @Test
    void randomBytesGiveNeitherControlsNorFailures() {
        byte[] alphabet =
                "\u001b[]P;:0123489mKH\\\u0007\n\r\t ab\u009b\u009d\u202e"
                        .getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 2000; seed++) {
            var random = new Random(seed);
            var bytes = new ByteArrayOutputStream();
            for (int i = random.nextInt(400); i > 0; i--) {
                bytes.write(
                        random.nextInt(8) == 0
                                ? random.nextInt(256)
                                : alphabet[random.nextInt(alphabet.length)]);
            }
            var pieces = read(bytes.toByteArray(), 1 + random.nextInt(50));
            assertThat(StyledText.plain(pieces).codePoints().filter(c -> c != '\n' && c != '\t'))
                    .as("seed %d", seed)
                    .noneMatch(SafeText::isHarmful);
        }
    }

    @Test
    void aTerminalGetsNothingButColours() {
        var pieces = read("\u001b[1;94mblue\u001b[0m\u001b[2J plain \u001b[103mbright");
        assertThat(StyledText.forTerminal(pieces))
                .isEqualTo("\u001b[0;1;94mblue\u001b[0m plain \u001b[0;103mbright\u001b[0m");
    }

    private static int colourOf(String parameters) {
        var pieces = read("\u001b[" + parameters + "mx");
        assertThat(pieces).hasSize(1);
        return pieces.getFirst().style().foreground();
    }

    private static List<StyledText> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    private static List<StyledText> read(byte[] bytes, int size) {
        var parser = new AnsiText();
        var pieces = new ArrayList<StyledText>();
        for (int at = 0; at < bytes.length; ) {
            int end = (int) Math.min(bytes.length, (long) at + size);
            pieces.addAll(parser.feed(Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        pieces.addAll(parser.end());
        return pieces;
    }

    /// Neighbours of one style joined, since cuts may fall within them.
    private static List<StyledText> merged(List<StyledText> pieces) {
        var merged = new ArrayList<StyledText>();
        for (var piece : pieces) {
            if (!merged.isEmpty() && merged.getLast().style().equals(piece.style())) {
                var before = merged.removeLast();
                piece = new StyledText(piece.style(), before.text() + piece.text());
            }
            merged.add(piece);
        }
        return merged;
    }
}
