package airlock.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void ordinaryTextOfAnyScriptStays() {
        for (String text :
                new String[] {
                    "fix: bug", "größer", "日本語", "می‌خواهم", "👩‍💻 done", "Ünïcode – “ok”"
                }) {
            assertThat(Texts.line(text)).isEqualTo(text);
            assertThat(Texts.lines(text)).isEqualTo(text);
        }
    }

    @Test
    void aLineHasNoBreaks() {
        assertThat(Texts.line("one\r\ntwo\tthree\n")).isEqualTo("one  two three");
        assertThat(Texts.line("one\u2028two\u2029three\u0085four")).isEqualTo("onetwothreefour");
    }

    @Test
    void linesKeepTheirBreaks() {
        assertThat(Texts.lines("one\r\n\ttwo\n")).isEqualTo("one\n\ttwo\n");
    }

    @Test
    void controlsGoSoThatATerminalObeysNothing() {
        assertThat(Texts.line("a\u001b[31mb\u0007c\u009b2Jd\u0000e\u007f"))
                .isEqualTo("a[31mbc2Jde");
    }

    @Test
    void bidiAndInvisibleCharactersGo() {
        assertThat(Texts.line("abc\u202egpj.exe")).isEqualTo("abcgpj.exe");
        assertThat(Texts.line("a\u2066b\u2069c\u200ed\u200fe\u061cf")).isEqualTo("abcdef");
        assertThat(Texts.line("a\u200bb\ufeffc\u00add\u2060e")).isEqualTo("abcde");
        assertThat(Texts.line("tag\udb40\udc41\udb40\udc42")).isEqualTo("tag");
    }

    @Test
    void halvesOfSurrogatePairsAndNonCharactersGo() {
        assertThat(Texts.line("a\ud800b\udc00c\uffffd\ufdd0e")).isEqualTo("abcde");
    }
}
