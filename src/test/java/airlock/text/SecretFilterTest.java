package airlock.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretFilterTest {
    private static final String VALUE = "s3cret-value";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static SecretForms forms(String... values) {
        return SecretForms.of(Stream.of(values).map(SecretFilterTest::bytes).toList());
    }

    private static String masked(SecretForms forms, String... pieces) {
        var filter = new SecretFilter(forms);
        var out = new ByteArrayOutputStream();
        for (String piece : pieces) {
            out.writeBytes(filter.next(bytes(piece)));
        }
        out.writeBytes(filter.rest());
        return text(out.toByteArray());
    }

    /// In random pieces.
    private static String masked(
            SecretForms forms, String text, RandomGenerator random, int longest) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return masked(forms, pieces.toArray(String[]::new));
    }

    @Test
    void aValueShowsAsStarsAndWhatStandsAroundItAsItIs() {
        assertThat(masked(forms(VALUE), "a " + VALUE + " b\n" + VALUE + VALUE))
                .isEqualTo("a *** b\n******");
    }

    @Test
    void aValueInPiecesIsHiddenWhereverItIsCut() {
        for (int first = 0; first <= VALUE.length(); first++) {
            for (int second = first; second <= VALUE.length(); second++) {
                assertThat(
                                masked(
                                        forms(VALUE),
                                        "x" + VALUE.substring(0, first),
                                        VALUE.substring(first, second),
                                        VALUE.substring(second) + "y"))
                        .isEqualTo("x***y");
            }
        }
        assertThat(masked(forms(VALUE), (VALUE + "!").split(""))).isEqualTo("***!");
    }

    @Test
    void onlyThePossibleBeginningOfAValueIsHeldBackUntilTheEnd() {
        var filter = new SecretFilter(forms(VALUE));
        assertThat(text(filter.next(bytes("done: s3cret-")))).isEqualTo("done: ");
        assertThat(text(filter.next(bytes("sauce")))).isEqualTo("s3cret-sauce");
        assertThat(text(filter.next(bytes("more s3")))).isEqualTo("more ");
        assertThat(filter.hasFound()).isFalse();
        assertThat(text(filter.rest())).isEqualTo("s3");
        assertThat(filter.rest()).isEmpty();
        filter.next(bytes(VALUE));
        assertThat(filter.hasFound()).isTrue();
    }

    @Test
    void base64OfItIsHiddenWhereverItLiesAndInBothAlphabets() {
        String odd = "s3cret?>~~value\u00fb\u00ff\u00fe"; // has + and /, or - and _
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (String around : List.of("", "u", "us", "use", "user:")) {
                for (String after : List.of("", "!", "!!", "!!!")) {
                    String encoded = encoder.encodeToString(bytes(around + odd + after));
                    String shown = masked(forms(odd), encoded);
                    assertThat(shown).as(around + after).contains("***");
                    // the characters left also hold bits of the bytes around the value
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
            value[value.length - 1] = '.'; // SecretForms ignores line breaks at the end
            byte[] all = new byte[600];
            int before = random.nextInt(3);
            System.arraycopy(value, 0, all, before, value.length);
            int length = before + value.length + random.nextInt(3);
            var encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
            String encoded = text(encoder.withoutPadding().encode(Arrays.copyOf(all, length)));
            String lineBreak = random.nextBoolean() ? "\n" : "\r\n";
            String wrapped = wrapped(encoded, random.nextBoolean() ? 64 : 76, lineBreak);

            String shown = masked(SecretForms.of(List.of(value)), wrapped, random, 100);

            // the characters left also hold bits of the bytes around the value
            int first = (before * 8 + 5) / 6;
            int last = (before + value.length) * 8 / 6;
            assertThat(shown.replace("***", "").replaceAll("[\r\n]", ""))
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
            assertThat(masked(forms(value), "  | " + line + "\n")).isEqualTo("  | ***\n");
        }
        assertThat(lines).hasSize(4);
    }

    @Test
    void ofAValueWithLinesEachLineIsHiddenButNotTheFrameOfAKey() {
        String pem =
                "-----BEGIN KEY-----\nabcdefgh12345\nshort\nzyxwvuts98765\n-----END KEY-----\n";
        assertThat(masked(forms(pem), "+ echo abcdefgh12345\n+ echo short\n"))
                .isEqualTo("+ echo ***\n+ echo short\n");
        assertThat(masked(forms(pem), pem.split("(?<=\n)"))).isEqualTo("***\n");
        assertThat(masked(forms(pem), "-----BEGIN KEY-----\n")).isEqualTo("-----BEGIN KEY-----\n");
    }

    @Test
    void shortValuesAreLeftAlone() {
        assertThat(masked(forms("yes", "12345", "\n"), "yes 12345\n")).isEqualTo("yes 12345\n");
    }

    @Test
    void valuesThatOverlapAreHiddenTogether() {
        assertThat(masked(forms("abcdefgh", "ghijklmn"), "abcdefghijklmn.")).isEqualTo("***.");
        assertThat(masked(forms("abcdef", "abcdefghij"), "abcdefghij abcdefgh"))
                .isEqualTo("*** ***gh");
        assertThat(masked(forms("abcdefghij", "cdefgh"), "abcd", "efghi", "j")).isEqualTo("***");
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
            String shown = masked(forms(values), output.toString(), random, 9);
            assertThat(shown).as("round %d", round).doesNotContain(values);
            assertThat(masked(forms(values), output.toString()))
                    .as("the same in one piece")
                    .isEqualTo(shown);
        }
    }

    /// Of two letters, so that values begin alike and overlap.
    private static String word(RandomGenerator random, int length) {
        var word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }

    @Test
    void aWholeLineIsMaskedAtOnce() {
        assertThat(forms(VALUE).mask("refused: é " + VALUE + ".example:443"))
                .isEqualTo("refused: é ***.example:443");
        assertThat(SecretForms.NONE.mask(VALUE)).isEqualTo(VALUE);
        assertThat(forms(VALUE).isIn("a " + VALUE)).isTrue();
        assertThat(forms(VALUE).isIn(VALUE.substring(1))).isFalse();
    }

    @Test
    void itDoesNotPrintWhatItHides() {
        var forms = SecretForms.of(List.of(bytes(VALUE)));
        assertThat(forms.toString()).isEqualTo("SecretForms[***]");
    }
}
