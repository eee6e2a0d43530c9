package airlock.agent;

import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// A key in a test's own memory.
class TestSigner implements Signer {
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

    @Override
    public byte[] publicBlob() {
        return new SshOutput()
                .text(KeyNames.ED25519)
                .string(key.generatePublicKey().getEncoded())
                .bytes();
    }

    @Override
    public String comment() {
        return name;
    }

    @Override
    public byte[] sign(byte[] data) {
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(data, 0, data.length);
        return signer.generateSignature();
    }

    /// For authorized_keys.
    String publicLine() {
        return KeyNames.ED25519
                + " "
                + Base64.getEncoder().encodeToString(publicBlob())
                + " "
                + name;
    }
}
