package airlock.webhook;

import airlock.base.Hash;
import airlock.event.Secret;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/// A hook's secret as one block of HMAC-SHA-256 (RFC 2104 §2): a longer secret is hashed and a
/// shorter one padded with zeros, so all cost the same. Prints as `***`.
final class HookKey {
    static final int BYTES = 64;

    private final byte[] block;

    private HookKey(byte[] block) {
        this.block = block;
    }

    static HookKey of(Secret secret) {
        byte[] text = secret.bytes();
        return new HookKey(
                Arrays.copyOf(text.length > BYTES ? Hash.sha256().add(text).bytes() : text, BYTES));
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
