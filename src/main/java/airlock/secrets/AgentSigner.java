package airlock.secrets;

import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// Signs with a stored SSH key, which is in memory only while it signs.
///
/// **Threads**: any. **Failures**: a [SecretsException] if the key can't be opened or was removed.
public final class AgentSigner {
    private final SshKey key;
    private final SshKeys keys;

    AgentSigner(SshKey key, SshKeys keys) {
        this.key = key;
        this.keys = keys;
    }

    /// The public half as SSH sends it (RFC 8709, 4).
    public byte[] publicBlob() {
        return Base64.getDecoder().decode(key.publicLine().split(" ", -1)[1]);
    }

    /// The comment of the public half.
    public String comment() {
        return key.publicLine().split(" ", -1)[2];
    }

    /// The Ed25519 signature of `data`: 64 bytes (RFC 8032), without SSH's name of the algorithm.
    public byte[] sign(byte[] data) {
        byte[] seed =
                keys.seed(key.repository(), key.name())
                        .orElseThrow(
                                () ->
                                        new SecretsException(
                                                "the key '%s' of %s was removed"
                                                        .formatted(key.name(), key.repository())));
        var signer = new Ed25519Signer();
        signer.init(true, new Ed25519PrivateKeyParameters(seed));
        Arrays.fill(seed, (byte) 0);
        signer.update(data, 0, data.length);
        return signer.generateSignature();
    }

    @Override
    public String toString() {
        return "signer of '" + key.name() + "' of " + key.repository();
    }
}
