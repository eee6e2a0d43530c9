package airlock.webhook;

import airlock.event.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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
}
