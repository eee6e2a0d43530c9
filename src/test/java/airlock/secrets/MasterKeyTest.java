package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
    private static final byte[] SECRET = "the seed of a key".getBytes(StandardCharsets.UTF_8);

    private final MasterKey key = key(1);

    @Test
    void whatIsSealedOpensAgainForTheSameLabel() {
        assertThat(key.open(key.seal(SECRET, "a"), "a")).isEqualTo(SECRET);
        assertThat(key.open(key.seal(new byte[0], "a"), "a")).isEmpty();
    }

    @Test
    void theSameSecretIsSealedDifferentlyEachTimeAndDoesNotShow() {
        byte[] one = key.seal(SECRET, "a");
        assertThat(key.seal(SECRET, "a")).isNotEqualTo(one);
        assertThat(new String(one, StandardCharsets.ISO_8859_1))
                .doesNotContain("seed")
                .doesNotContain("key");
    }

    @Test
    void anotherPlaceDoesNotOpenIt() {
        assertThatThrownBy(() -> key.open(key.seal(SECRET, "a"), "b"))
                .isInstanceOf(SecretsException.class)
                .hasMessage("b was changed or moved since it was sealed; make a new key");
    }

    @Test
    void anotherKeyIsToldApartFromDamage() {
        assertThatThrownBy(() -> key(2).open(key.seal(SECRET, "the key"), "the key"))
                .isInstanceOf(SecretsException.class)
                .hasMessageMatching(
                        "the key was sealed with master key [0-9a-f]{16}, but file 2 holds"
                                + " [0-9a-f]{16}: put the right key file back, or make a new key");
    }

    @Test
    void everyChangedBitAndEveryTruncationIsRefused() {
        byte[] sealed = key.seal(SECRET, "a");
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> key.open(changed, "a"))
                    .as("bit %d", bit)
                    .isInstanceOf(SecretsException.class);
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> key.open(cut, "a"))
                    .as("length %d", length)
                    .isInstanceOf(SecretsException.class);
        }
    }

    @Test
    void randomBytesAreRefused() {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> key.open(bytes, "a")).isInstanceOf(SecretsException.class);
        }
    }

    @Test
    void itDoesNotPrintItself() {
        assertThat(key.toString())
                .startsWith("master key ")
                .doesNotContain(HexFormat.of().formatHex(bytes(1)));
    }

    private static MasterKey key(int fill) {
        return new MasterKey(List.of(bytes(fill)), "file " + fill);
    }

    private static byte[] bytes(int fill) {
        byte[] bytes = new byte[MasterKey.BYTES];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }
}
