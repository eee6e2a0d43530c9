package airlock.webhook;

import airlock.base.Hash;
import airlock.event.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 (RFC 2104) over a body, as forges sign deliveries.
public final class Signatures {
    private Signatures() {}

    /// The signature of `body`, 64 lower-case hex digits.
    public static String sign(Secret secret, byte[] body) {
        return sign(HookKey.of(secret), body);
    }

    private static String sign(HookKey key, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.block(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    /// Whether `claimed` is the signature of `body` with one of `keys`. It tries all keys and
    /// compares in constant time, so the time reveals nothing.
    static boolean fits(String claimed, List<HookKey> keys, byte[] body) {
        byte[] given = claimed.getBytes(StandardCharsets.UTF_8);
        boolean fits = false;
        for (HookKey key : keys) {
            byte[] right = sign(key, body).getBytes(StandardCharsets.US_ASCII);
            fits |= MessageDigest.isEqual(right, given);
        }
        return fits;
    }

    /// A hook's secret as one block of HMAC-SHA-256 (RFC 2104 §2): a longer secret is hashed and a
    /// shorter one padded with zeros, so all cost the same. Prints as `***`.
    static final class HookKey {
        static final int BYTES = 64;

        private final byte[] block;

        private HookKey(byte[] block) {
            this.block = block;
        }

        static HookKey of(Secret secret) {
            byte[] text = secret.bytes();
            return new HookKey(
                    Arrays.copyOf(
                            text.length > BYTES ? Hash.sha256().add(text).bytes() : text, BYTES));
        }

        static List<HookKey> all(List<Secret> secrets) {
            return secrets.stream().map(HookKey::of).toList();
        }

        /// A random key, which matches no signature.
        static HookKey decoy() {
            byte[] block = new byte[BYTES];
            new SecureRandom().nextBytes(block);
            return new HookKey(block);
        }

        byte[] block() {
            return block.clone();
        }

        @Override
        public String toString() {
            return "***";
        }
    }
}
