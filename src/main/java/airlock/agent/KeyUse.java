package airlock.agent;

import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// A key, and how often it has signed in its phase. Callers hold the lock of [PhaseAgent].
final class KeyUse {
    private final SigningKey key;
    private int signatures;

    KeyUse(SigningKey key) {
        this.key = key;
        if (!KeyNames.type(key.publicBlob()).equals(KeyNames.ED25519)) {
            throw new IllegalArgumentException(
                    "an agent's keys are Ed25519 ones, not " + KeyNames.of(key.publicBlob()));
        }
    }

    SigningKey key() {
        return key;
    }

    int signatures() {
        return signatures;
    }

    /// Signs: the signature as SSH sends it (RFC 8709, 6).
    byte[] sign(byte[] data) {
        signatures++;
        var out = new ByteArrayBuffer();
        out.putString(KeyNames.ED25519);
        out.putBytes(key.signer().apply(data));
        return out.getCompactData();
    }
}
