package airlock.token;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import airlock.text.SecretFilter;
import airlock.text.SecretForms;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormsTest {
    private static final String TOKEN = "tok_tok_5fBz0Qw9-Lk3/Xy7+Rr8";

    private final SecretForms search = of("Bearer " + TOKEN);

    private static SecretForms of(String value) {
        return new SecretForms(TokenForms.of(new Secret(value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String passed(SecretFilter filter, byte[] answer, int piece) {
        var through = new ByteArrayOutputStream();
        for (int at = 0; at < answer.length && !filter.hasFound(); at += piece) {
            int end = Math.min(at + piece, answer.length);
            byte[] passed = filter.next(Arrays.copyOfRange(answer, at, end));
            if (!filter.hasFound()) {
                through.writeBytes(passed);
            }
        }
        return through.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aTokenIsFoundHoweverItIsCutAndNothingOfItGoesThrough() {
        String before = "before tok_";
        byte[] answer = bytes(before + TOKEN + " after");
        for (int piece = 1; piece <= answer.length; piece++) {
            var filter = new SecretFilter(search);
            assertThat(before).startsWith(passed(filter, answer, piece));
            assertThat(filter.hasFound()).isTrue();
        }
        assertThat(passed(new SecretFilter(search), answer, 1)).isEqualTo(before);
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
