package airlock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import airlock.webhook.Signatures.HookKey;
import java.security.GeneralSecurityException;
import java.util.AbstractList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignaturesTest {
    private static final Secret SECRET = new Secret("It's a Secret to Everybody");
    private static final byte[] HELLO = "Hello, World!".getBytes(UTF_8);
    private static final String RIGHT =
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    @Test
    void githubsPublishedExampleIsSignedAsPublished() {
        assertThat(Signatures.sign(SECRET, HELLO)).isEqualTo(RIGHT);
    }

    /// The first is from Atlassian's documentation, which uses the same secret; the others show
    /// which bytes of a form each forge signs.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "Hello World!,a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
                "payload=%7B%22a%22%3A1%7D,"
                        + "866d7eddb21f3c75ba35c06e5b89f15a9043060c50941fceecc448035cff0a85",
                "{\"a\":1},3aea7d9882012d69ea49b8443b94e755179f85ee830bfa901efb5dc673af63a3"
            })
    void furtherVectorsAreSignedAsPublished(String text, String signature) {
        assertThat(Signatures.sign(SECRET, text.getBytes(UTF_8))).isEqualTo(signature);
    }

    @Test
    void eachOfTheCurrentSecretsFits() {
        var other = new Secret("the one before");

        assertThat(Signatures.fits(RIGHT, HookKey.all(List.of(other, SECRET)), HELLO)).isTrue();
        assertThat(Signatures.fits(RIGHT, HookKey.all(List.of(SECRET, other)), HELLO)).isTrue();
        assertThat(Signatures.fits(RIGHT, HookKey.all(List.of(other)), HELLO)).isFalse();
    }

    /// A loop that ends at the first match would reveal which key matched.
    @Test
    void allKeysAreTriedWhicheverFits() {
        for (Secret first : List.of(SECRET, new Secret("another"))) {
            var tried = new AtomicInteger();
            var keys = HookKey.all(List.of(first, SECRET, new Secret("x".repeat(100))));
            var counting =
                    new AbstractList<HookKey>() {
                        @Override
                        public HookKey get(int index) {
                            tried.incrementAndGet();
                            return keys.get(index);
                        }

                        @Override
                        public int size() {
                            return keys.size();
                        }
                    };
            assertThat(Signatures.fits(RIGHT, counting, HELLO)).isTrue();
            assertThat(tried).hasValue(3);
        }
    }

    @Test
    void aKeyIsOneBlockHoweverLongItsSecretIs() {
        for (int length : List.of(1, 64, 65, 1000)) {
            assertThat(HookKey.of(new Secret("k".repeat(length))).block()).hasSize(64);
        }
        assertThat(HookKey.decoy().block()).hasSize(64).isNotEqualTo(HookKey.decoy().block());
        assertThat(HookKey.of(SECRET)).hasToString("***");
    }

    @Test
    void aSecretLongerThanABlockSignsAsJavasOwnHmacDoes() {
        var ascii = new Secret("a".repeat(131));
        String signature = Signatures.sign(ascii, HELLO);
        assertThat(Signatures.fits(signature, HookKey.all(List.of(ascii)), HELLO)).isTrue();
        assertThat(signature).isEqualTo(hmac("a".repeat(131)));
    }

    private static String hmac(String key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(HELLO));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onlyTheWholeSignatureInItsOwnSpellingFits() {
        assertThat(
                        List.of(
                                "",
                                RIGHT.substring(1),
                                RIGHT + "0",
                                RIGHT.toUpperCase(Locale.ROOT),
                                "sha256=" + RIGHT))
                .noneMatch(
                        claimed -> Signatures.fits(claimed, HookKey.all(List.of(SECRET)), HELLO));
    }
}
