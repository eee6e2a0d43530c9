package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlHostileTest {
    private static final String GOOD =
            """
            %YAML 1.2
            ---
            base: &b {a: "x\\u0041", 'b': [1, 2.5, ~]}
            ? plain
            : |2-
                text
            more: *b
            folded: >+
              a
              b

            list:
            - !!str 1
            - - nested
            """;

    /// Reads, and says whether the reader kept its word: a tree, or a reason why not.
    private static boolean answers(byte[] bytes) {
        var problems = new Problems("f");
        return new YamlReader(YamlLimits.HAND_WRITTEN)
                .read(bytes, problems.top())
                .map(_ -> true)
                .orElseGet(() -> problems.errors() > 0);
    }

    @Test
    void tenThousandMutationsGetATreeOrAReason() {
        var random = new Random(20_260_101);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = Mutations.of(good, random);
            assertThat(answers(bytes)).as("mutation %d: %s", i, shown(bytes)).isTrue();
        }
    }

    @Test
    void randomBytesAndRandomYamlCharactersGetATreeOrAReason() {
        var random = new Random(7);
        String letters = "ab1 \n\t-:?,[]{}#&*!|>'\"%@`~.\\<=\u0085\ufeff\ud83d\ude00";
        for (int i = 0; i < 10_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(60);
            for (int j = 0; j < length; j++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(answers(bytes)).as("%d: %s", i, text).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[", "{", "- ", "? ", "a: ", "&a ", "*a ", "!t ", "\"", "'", "|\n", ">\n x\n",
                "a:\n", "[a,", "{a: ", "- a\n", "a\n", "#\n", "%T\n", "---\n", "a: b: ", "[]", "\n",
                " ", "''"
            })
    void aMebibyteOfOneThingIsAnsweredInTime(String piece) {
        byte[] bytes = piece.repeat((1 << 20) / piece.length()).getBytes(StandardCharsets.UTF_8);
        boolean answered =
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> answers(bytes));
        assertThat(answered).isTrue();
    }

    @Test
    void aHugeKeyDoesNotMakeHugePaths() {
        String text = "? " + "x".repeat(500_000) + "\n:\n" + "  - [a]\n".repeat(3_000);
        var problems = new Problems("f");
        Node root =
                new YamlReader(YamlLimits.HAND_WRITTEN)
                        .read(text.getBytes(StandardCharsets.UTF_8), problems.top())
                        .orElseThrow();
        assertThat(root).isInstanceOf(Node.Mapping.class);
        Section<String> nothing = new Section<>("s", "", List.of(), _ -> "");
        assertThat(nothing.read(root, problems.top())).isEmpty();
        assertThat(problems.listErrors().getFirst().toString()).hasSizeLessThan(300);
    }

    private static String shown(byte[] bytes) {
        return SafeText.line(new String(bytes, StandardCharsets.ISO_8859_1), 500);
    }
}
