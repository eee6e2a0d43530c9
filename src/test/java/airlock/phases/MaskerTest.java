package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MaskerTest {
    private static final String VALUE = "s3cret-value";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Masker masker(String... values) {
        return new Masker(SecretForms.of(Stream.of(values).map(MaskerTest::bytes).toList()));
    }

    private static String masked(Masker masker, String... pieces) {
        var out = new ByteArrayOutputStream();
        for (String piece : pieces) {
            out.writeBytes(masker.next(1, bytes(piece)));
        }
        out.writeBytes(masker.rest(1));
        return text(out.toByteArray());
    }

    @Test
    void aValueShowsAsStarsAndWhatStandsAroundItAsItIs() {
        assertThat(masked(masker(VALUE), "a " + VALUE + " b\n" + VALUE + VALUE))
                .isEqualTo("a *** b\n******");
    }

    @Test
    void aValueInPiecesIsHiddenWhereverItIsCut() {
        for (int first = 0; first <= VALUE.length(); first++) {
            for (int second = first; second <= VALUE.length(); second++) {
                assertThat(
                                masked(
                                        masker(VALUE),
                                        "x" + VALUE.substring(0, first),
                                        VALUE.substring(first, second),
                                        VALUE.substring(second) + "y"))
                        .isEqualTo("x***y");
            }
        }
        assertThat(masked(masker(VALUE), (VALUE + "!").split(""))).isEqualTo("***!");
    }

    @Test
    void onlyWhatMayBecomeAValueIsHeldBackAndShownWhenTheStepIsOver() {
        var masker = masker(VALUE);
        assertThat(text(masker.next(1, bytes("done: s3cret-")))).isEqualTo("done: ");
        assertThat(text(masker.next(1, bytes("sauce")))).isEqualTo("s3cret-sauce");
        assertThat(text(masker.next(1, bytes("more s3")))).isEqualTo("more ");
        assertThat(text(masker.rest(1))).isEqualTo("s3");
        assertThat(masker.rest(1)).isEmpty();
    }

    @Test
    void stdoutAndStderrAreApart() {
        var masker = masker(VALUE);
        assertThat(text(masker.next(1, bytes("s3cret-")))).isEmpty();
        assertThat(text(masker.next(2, bytes("value")))).isEqualTo("value");
        assertThat(text(masker.next(1, bytes("value")))).isEqualTo("***");
    }

    @Test
    void base64OfItIsHiddenWhereverItLiesAndInBothAlphabets() {
        String odd = "s3cret?>~~value\u00fb\u00ff\u00fe"; // has + and /, or - and _
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (String around : List.of("", "u", "us", "use", "user:")) {
                for (String after : List.of("", "!", "!!", "!!!")) {
                    String encoded = encoder.encodeToString(bytes(around + odd + after));
                    String shown = masked(masker(odd), encoded);
                    assertThat(shown).as(around + after).contains("***");
                    // of the value only bits that share a character with what stands around it
                    assertThat(shown.length())
                            .as(shown)
                            .isLessThan(encoded.length() - odd.length() / 2);
                }
            }
        }
    }

    @Test
    void base64InLinesIsHiddenHoweverManyThereAreAndWhereverTheyAreCut() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261129);
        for (int round = 0; round < 2_000; round++) {
            byte[] value = new byte[60 + random.nextInt(500)];
            random.nextBytes(value);
            value[value.length - 1] = '.'; // a line break there would not be looked for
            byte[] all = new byte[600];
            int before = random.nextInt(3);
            System.arraycopy(value, 0, all, before, value.length);
            int length = before + value.length + random.nextInt(3);
            var encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
            String encoded = text(encoder.withoutPadding().encode(Arrays.copyOf(all, length)));
            String lineBreak = random.nextBoolean() ? "\n" : "\r\n";
            String wrapped = wrapped(encoded, random.nextBoolean() ? 64 : 76, lineBreak);

            var masker = new Masker(SecretForms.of(List.of(value)));
            var shown = new StringBuilder();
            for (int at = 0; at < wrapped.length(); ) {
                int end = Math.min(wrapped.length(), at + 1 + random.nextInt(100));
                shown.append(text(masker.next(1, bytes(wrapped.substring(at, end)))));
                at = end;
            }
            shown.append(text(masker.rest(1)));

            // what is left shares a character with what stands around the value
            int first = (before * 8 + 5) / 6;
            int last = (before + value.length) * 8 / 6;
            assertThat(shown.toString().replace("***", "").replaceAll("[\r\n]", ""))
                    .as("round %d", round)
                    .isEqualTo(encoded.substring(0, first) + encoded.substring(last));
        }
    }

    private static String wrapped(String text, int width, String lineBreak) {
        var lines = new StringBuilder();
        for (int at = 0; at < text.length(); at += width) {
            lines.append(text, at, Math.min(text.length(), at + width)).append(lineBreak);
        }
        return lines.toString();
    }

    @Test
    void oneLineOfBase64IsHiddenWithoutTheOthers() {
        String value = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(6);
        String[] lines =
                wrapped(Base64.getEncoder().encodeToString(bytes(value)), 76, "\n").split("\n");
        for (String line : lines) {
            assertThat(masked(masker(value), "  | " + line + "\n")).isEqualTo("  | ***\n");
        }
        assertThat(lines).hasSize(4);
    }

    @Test
    void ofAValueWithLinesEachLineIsHiddenButNotTheFrameOfAKey() {
        String pem =
                "-----BEGIN KEY-----\nabcdefgh12345\nshort\nzyxwvuts98765\n-----END KEY-----\n";
        assertThat(masked(masker(pem), "+ echo abcdefgh12345\n+ echo short\n"))
                .isEqualTo("+ echo ***\n+ echo short\n");
        assertThat(masked(masker(pem), pem.split("(?<=\n)"))).isEqualTo("***\n");
        assertThat(masked(masker(pem), "-----BEGIN KEY-----\n")).isEqualTo("-----BEGIN KEY-----\n");
    }

    @Test
    void shortValuesAreLeftAlone() {
        assertThat(masked(masker("yes", "12345", "\n"), "yes 12345\n")).isEqualTo("yes 12345\n");
    }

    @Test
    void valuesThatOverlapAreHiddenTogether() {
        assertThat(masked(masker("abcdefgh", "ghijklmn"), "abcdefghijklmn.")).isEqualTo("***.");
        assertThat(masked(masker("abcdef", "abcdefghij"), "abcdefghij abcdefgh"))
                .isEqualTo("*** ***gh");
        assertThat(masked(masker("abcdefghij", "cdefgh"), "abcd", "efghi", "j")).isEqualTo("***");
    }

    @Test
    void whateverTheOutputAndItsPiecesNoValueIsInWhatIsShown() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261128);
        for (int round = 0; round < 3_000; round++) {
            var values = new String[1 + random.nextInt(3)];
            Arrays.setAll(values, _ -> word(random, 6 + random.nextInt(6)));
            var output = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                output.append(
                        random.nextInt(3) == 0
                                ? values[random.nextInt(values.length)]
                                : word(random, 1 + random.nextInt(8)));
            }
            var masker = masker(values);
            var shown = new StringBuilder();
            for (int at = 0; at < output.length(); ) {
                int end = Math.min(output.length(), at + 1 + random.nextInt(9));
                shown.append(text(masker.next(1, bytes(output.substring(at, end)))));
                at = end;
            }
            shown.append(text(masker.rest(1)));
            assertThat(shown.toString()).as("round %d", round).doesNotContain(values);
            assertThat(masked(masker(values), output.toString()))
                    .as("the same in one piece")
                    .isEqualTo(shown.toString());
        }
    }

    /// Of few letters, so that values begin alike and lie in one another.
    private static String word(RandomGenerator random, int length) {
        var word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }

    @Test
    void aLineOfTheHostsOwnIsHiddenAtOnce() {
        assertThat(masker(VALUE).line("refused: " + VALUE + ".example:443"))
                .isEqualTo("refused: ***.example:443");
        assertThat(Masker.NOTHING.line(VALUE)).isEqualTo(VALUE);
    }

    @Test
    void itDoesNotPrintWhatItHides() {
        var forms = SecretForms.of(List.of(bytes(VALUE)));
        assertThat(forms.toString()).isEqualTo("SecretForms[***]");
    }
}
