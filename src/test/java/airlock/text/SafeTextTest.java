package airlock.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SafeTextTest {
    @Test
    void ordinaryTextOfAnyScriptStays() {
        for (String text :
                new String[] {
                    "fix: bug", "größer", "日本語", "می‌خواهم", "👩‍💻 done", "Ünïcode – “ok”"
                }) {
            assertThat(SafeText.line(text)).isEqualTo(text);
            assertThat(SafeText.lines(text)).isEqualTo(text);
            assertThat(SafeText.quoted(text)).isEqualTo("'" + text + "'");
        }
    }

    @Test
    void aLineHasNoBreaksAndNoBlanksAtItsEnds() {
        assertThat(SafeText.line(" one\r\ntwo\tthree\rfour\n")).isEqualTo("one two three four");
        assertThat(SafeText.line("one\u2028two\u2029three\u0085four"))
                .isEqualTo("one�two�three�four");
    }

    @Test
    void linesKeepTheirBreaks() {
        assertThat(SafeText.lines("one\r\n\ttwo\rthree\n")).isEqualTo("one\n\ttwo\nthree\n");
    }

    @Test
    void columnsStay() {
        assertThat(SafeText.columns("  a\tb ", 50)).isEqualTo("  a b ");
    }

    @Test
    void aTerminalObeysNothing() {
        assertThat(SafeText.line("a\u001b[31mb\u0007c\u009b2Jd\u0000e\u007f"))
                .isEqualTo("a�[31mb�c�2Jd�e�");
    }

    @Test
    void bidiAndInvisibleCharactersBecomeVisible() {
        assertThat(SafeText.line("abc\u202egpj.exe")).isEqualTo("abc�gpj.exe");
        assertThat(SafeText.line("a\u2066b\u2069c\u200ed\u200fe\u061cf")).isEqualTo("a�b�c�d�e�f");
        assertThat(SafeText.line("a\u200bb\ufeffc\u00add\u2060e")).isEqualTo("a�b�c�d�e");
        assertThat(SafeText.line("tag\udb40\udc41\udb40\udc42")).isEqualTo("tag��");
        assertThat(SafeText.line("a\u2065b\ufff0c\udb40\udfffd")).isEqualTo("a�b�c�d");
    }

    @Test
    void halvesOfSurrogatePairsAndNonCharactersBecomeVisible() {
        assertThat(SafeText.line("a\ud800b\udc00c\uffffd\ufdd0e")).isEqualTo("a�b�c�d�e");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(SafeText.line("😀😀😀😀", 3)).isEqualTo("😀😀…");
        assertThat(SafeText.cut("😀😀😀😀", 3)).isEqualTo("😀😀…");
        assertThat(SafeText.line(" abc\n", 3)).isEqualTo("abc");
        assertThat(SafeText.cut("abc", 3)).isEqualTo("abc");
        assertThat(SafeText.quoted("x".repeat(100))).isEqualTo("'" + "x".repeat(59) + "…'");
    }

    @Test
    void aProtocolOfPlainBytesGetsNothingElseAndNoMoreOfThem() {
        assertThat(SafeText.ascii("a\nä😀\u001b[0m", 100)).isEqualTo("a????[0m");
        assertThat(SafeText.ascii("😀".repeat(500), 200).getBytes(StandardCharsets.UTF_8))
                .hasSize(200);
    }

    /// All code points, so that no rule misses those of a new Unicode version.
    @Test
    void nothingOfUnicodeLeavesALine() {
        var harmful = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Cf}&&[^\u200c\u200d]]");

        var passed =
                IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .mapToObj(c -> SafeText.line(new StringBuilder().appendCodePoint(c) + "."))
                        .filter(line -> harmful.matcher(line).find());

        assertThat(passed).isEmpty();
    }
}
