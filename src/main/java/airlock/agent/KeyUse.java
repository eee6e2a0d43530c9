package airlock.agent;

import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// A key, and how often it has signed in its phase. Whoever uses it holds the phase's lock.
final class KeyUse {
    private final AgentKey key;
    private final byte[] blob;
    private int signatures;

    KeyUse(AgentKey key) {
        this.key = key;
        this.blob = key.signer().publicBlob();
        if (!KeyNames.type(blob).equals(KeyNames.ED25519)) {
            throw new IllegalArgumentException(
                    "an agent's keys are Ed25519 ones, not " + KeyNames.of(blob));
        }
    }

    AgentKey key() {
        return key;
    }

    byte[] blob() {
        return blob;
    }

    int signatures() {
        return signatures;
    }

    /// Signs: the signature as SSH sends it (RFC 8709, 6).
    byte[] sign(byte[] data) {
        signatures++;
        var out = new ByteArrayBuffer();
        out.putString(KeyNames.ED25519);
        out.putBytes(key.signer().sign(data));
        return out.getCompactData();
    }
}
