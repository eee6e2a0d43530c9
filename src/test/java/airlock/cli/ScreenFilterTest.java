package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.cli.Visitor.ScreenFilter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScreenFilterTest {
    private static String shown(String written) {
        return new String(
                new ScreenFilter().feed(written.getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033]52;c;cm0gLXJmIC8K\007", // sets the clipboard
                "\033]0;a title\033\\",
                "\u009d52;c;cm0gLXJmIC8K\u009c",
                "\033P$q\"p\033\\", // asks the terminal to type an answer
                "\u0090q\033\\",
                "\033_G\033\\",
                "\033^private\033\\",
                "\033Xstring\033\\",
                "\033]0;broken off\030"
            })
    void whatReachesBehindTheScreenIsLeftOut(String string) {
        assertThat(shown("before" + string + "after")).isEqualTo("beforeafter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033[31mred\033[0m \033[2J\033[10;20H\033[?1049h\033[6n\0337\0338\033(B\033=",
                "ä ö € 𝄞 ¡",
                "\r\n\t\b\007"
            })
    void whatDrawsGoesThroughAsItIs(String drawing) {
        assertThat(shown(drawing)).isEqualTo(drawing);
    }

    @Test
    void aStringThatNeverEndsSwallowsNoNewSequence() {
        assertThat(shown("\033]0;title\033[1mbold")).isEqualTo("\033[1mbold");
    }

    @Test
    void howItIsCutMakesNoDifference() {
        var random = new Random(7);
        String pieces = "a\033]P\\[_^X\007\030mä\u009d\u009c€";
        for (int round = 0; round < 2000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                text.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            var single = new ByteArrayOutputStream();
            var filter = new ScreenFilter();
            for (byte b : bytes) {
                single.writeBytes(filter.feed(new byte[] {b}));
            }
            byte[] whole = new ScreenFilter().feed(bytes);
            assertThat(single.toByteArray()).isEqualTo(whole);
            assertThat(new String(whole, StandardCharsets.UTF_8))
                    .as(text.toString())
                    .doesNotContain("\033]", "\033P", "\033_", "\033^", "\033X", "\u009d");
        }
    }
}
