package airlock.webhook;

import airlock.base.Hash;
import airlock.event.Secret;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A hook's secret as one block of HMAC-SHA-256 (RFC 2104 §2): a longer secret is hashed and a
/// shorter one filled with zeros, so that each costs the same. Prints as `***`.
public final class HookKey {
    static final int BYTES = 64;

    private final byte[] block;

    private HookKey(byte[] block) {
        this.block = block;
    }

    /// The key of `secret`.
    public static HookKey of(Secret secret) {
        byte[] text = secret.bytes();
        return new HookKey(
                Arrays.copyOf(text.length > BYTES ? Hash.sha256().add(text).bytes() : text, BYTES));
    }

    /// The keys of `secrets`, in their order.
    public static List<HookKey> all(Secret... secrets) {
        return Stream.of(secrets).map(HookKey::of).toList();
    }

    /// A key that nobody signs with.
    public static HookKey decoy() {
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
