package airlock.token;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSearchTest {
    private static final String TOKEN = "tok_tok_5fBz0Qw9-Lk3/Xy7+Rr8";

    private final TokenSearch search = of("Bearer " + TOKEN);

    private static TokenSearch of(String value) {
        return new TokenSearch(TokenForms.of(new Secret(value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// What goes through before a match; all of it where there is none.
    private record Passed(String through, boolean isFound) {}

    private static Passed pass(TokenSearch search, byte[] all, int piece) {
        var sieve = search.new Sieve();
        var through = new ByteArrayOutputStream();
        for (int at = 0; at < all.length; at += piece) {
            int length = Math.min(piece, all.length - at);
            byte[] part = new byte[piece + 3];
            System.arraycopy(all, at, part, 0, length);
            Optional<byte[]> passed = sieve.pass(part, length);
            if (passed.isEmpty()) {
                return new Passed(through.toString(StandardCharsets.ISO_8859_1), true);
            }
            through.writeBytes(passed.orElseThrow());
        }
        through.writeBytes(sieve.rest());
        return new Passed(through.toString(StandardCharsets.ISO_8859_1), false);
    }

    @Test
    void aTokenIsFoundHoweverItIsCutAndNothingOfItGoesThrough() {
        String before = "before tok_";
        byte[] answer = bytes(before + TOKEN + " after");
        for (int piece = 1; piece <= answer.length; piece++) {
            Passed passed = pass(search, answer, piece);
            assertThat(passed.isFound()).isTrue();
            assertThat(before).startsWith(passed.through());
        }
        assertThat(pass(search, answer, 1).through()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void base64OfAnythingWithTheTokenInsideIsFound(int before) {
        for (String after : List.of("", ".", "..", "...")) {
            byte[] inside = bytes("-".repeat(before) + TOKEN + after);
            for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                assertThat(search.isIn("x" + encoder.encodeToString(inside))).isTrue();
                assertThat(search.isIn(encoder.withoutPadding().encodeToString(inside))).isTrue();
            }
        }
    }

    @Test
    void whatOnlyBeginsLikeTheTokenGoesThroughWhole() {
        var random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            var answer = new StringBuilder();
            for (int part = random.nextInt(8); part >= 0; part--) {
                answer.append(TOKEN, 0, random.nextInt(TOKEN.length())).append(random.nextInt(10));
                if (random.nextBoolean()) {
                    answer.append((char) random.nextInt(256));
                }
            }
            String text = answer.toString();
            Passed passed = pass(search, bytes(text), 1 + random.nextInt(9));
            assertThat(passed.isFound()).isEqualTo(text.contains(TOKEN));
            assertThat(passed.isFound() ? text : passed.through()).isEqualTo(text);
        }
    }

    @Test
    void seededAnswersAreFoundToHaveItOrNot() {
        // few letters, so that beginnings overlap in all ways
        var random = new Random(2);
        for (int round = 0; round < 3_000; round++) {
            String needle = letters(random, 8 + random.nextInt(3));
            String text = letters(random, 400);
            if (random.nextBoolean()) {
                text = text.substring(0, 200) + needle + text.substring(200);
            }
            var search = new TokenSearch(List.of(bytes(needle), bytes(letters(random, 9))));
            boolean found = pass(search, bytes(text), 1 + random.nextInt(50)).isFound();
            assertThat(found || !text.contains(needle)).as(needle + " in " + text).isTrue();
            assertThat(new TokenSearch(List.of(bytes(needle))).isIn(text))
                    .isEqualTo(text.contains(needle));
        }
    }

    private static String letters(Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Test
    void ofUserAndPasswordInBase64ThePasswordIsLookedForToo() {
        String pair = Base64.getEncoder().encodeToString(bytes("robot:pass-word-1"));
        var search = of("Basic " + pair);

        assertThat(search.isIn(pair)).isTrue();
        assertThat(search.isIn("robot:pass-word-1")).isTrue();
        assertThat(search.isIn("{\"password\":\"pass-word-1\"}")).isTrue();
        assertThat(search.isIn(Base64.getEncoder().encodeToString(bytes("{pass-word-1}"))))
                .isTrue();
        assertThat(search.isIn("robot")).isFalse();
    }

    @Test
    void ofALongTokenItsEndIsLookedFor() {
        var search = of("Bearer " + "e30.".repeat(1_000) + "S1gnature".repeat(8));

        assertThat(search.isIn("e30.".repeat(1_000))).isFalse();
        assertThat(search.isIn("S1gnature".repeat(8))).isTrue();
    }

    @Test
    void whatIsTooShortIsNotLookedFor() {
        assertThat(TokenForms.of(new Secret("Bearer 1234567"))).isEmpty();
        assertThat(TokenForms.of(new Secret("Bearer 12345678"))).isNotEmpty();
    }
}
