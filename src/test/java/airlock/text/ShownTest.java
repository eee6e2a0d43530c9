package airlock.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void controlAndBidiCharactersLoseTheirPower() {
        assertThat(Shown.line("a\u001b[31mb\nc\u202ed\u200be\u2028", 50))
                .isEqualTo("a�[31mb�c�d�e�");
    }

    @Test
    void loneSurrogatesBecomeVisible() {
        assertThat(Shown.line("a\ud800b", 50)).isEqualTo("a�b");
    }

    @Test
    void lettersOfAllLanguagesStay() {
        assertThat(Shown.line("Grüße, 世界 😀", 50)).isEqualTo("Grüße, 世界 😀");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(Shown.line("😀😀😀😀", 3)).isEqualTo("😀😀…");
        assertThat(Shown.line("abc", 3)).isEqualTo("abc");
        assertThat(Shown.quoted("x".repeat(100))).isEqualTo("'" + "x".repeat(59) + "…'");
    }
}
