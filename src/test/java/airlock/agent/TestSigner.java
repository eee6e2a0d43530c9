package airlock.agent;

import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// A key in a test's own memory.
final class TestSigner {
    private final String name;
    private final Ed25519PrivateKeyParameters key;

    /// The same name has the same key.
    TestSigner(String name) {
        this.name = name;
        byte[] seed = new byte[Ed25519PrivateKeyParameters.KEY_SIZE];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = (byte) (name.charAt(i % name.length()) + i);
        }
        this.key = new Ed25519PrivateKeyParameters(seed);
    }

    byte[] publicBlob() {
        return new SshOutput()
                .text(HostKey.ED25519)
                .string(key.generatePublicKey().getEncoded())
                .bytes();
    }

    SigningKey key(String setting, String user, List<SigningKey.Host> hosts, int signatures) {
        return new SigningKey(
                publicBlob(), name, this::sign, setting, Set.of(user), hosts, signatures);
    }

    byte[] sign(byte[] data) {
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(data, 0, data.length);
        return signer.generateSignature();
    }

    /// For authorized_keys.
    String publicLine() {
        return HostKey.ED25519
                + " "
                + Base64.getEncoder().encodeToString(publicBlob())
                + " "
                + name;
    }
}
