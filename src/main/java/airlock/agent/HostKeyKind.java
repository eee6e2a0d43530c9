package airlock.agent;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.RSADigestSigner;

/// The kinds of host keys, and how each signs: RFC 8709, RFC 5656, RFC 8332.
enum HostKeyKind {
    ED25519(KeyNames.ED25519),
    P256("ecdsa-sha2-nistp256"),
    P384("ecdsa-sha2-nistp384"),
    P521("ecdsa-sha2-nistp521"),
    /// Only with SHA-2.
    RSA("ssh-rsa");

    private final String type;

    HostKeyKind(String type) {
        this.type = type;
    }

    static Optional<HostKeyKind> of(String type) {
        return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
    }

    /// @param key of this kind
    /// @param algorithm as the signature names it
    /// @param signature without that name
    boolean verifies(AsymmetricKeyParameter key, String algorithm, byte[] signature, byte[] data) {
        return switch (this) {
            case ED25519 ->
                    algorithm.equals(type) && verifies(new Ed25519Signer(), key, signature, data);
            case P256 -> algorithm.equals(type) && ecdsa(new SHA256Digest(), key, signature, data);
            case P384 -> algorithm.equals(type) && ecdsa(new SHA384Digest(), key, signature, data);
            case P521 -> algorithm.equals(type) && ecdsa(new SHA512Digest(), key, signature, data);
            case RSA ->
                    switch (algorithm) {
                        case "rsa-sha2-256" -> rsa(new SHA256Digest(), key, signature, data);
                        case "rsa-sha2-512" -> rsa(new SHA512Digest(), key, signature, data);
                        default -> false;
                    };
        };
    }

    private static boolean rsa(Digest digest, CipherParameters key, byte[] signature, byte[] data) {
        return verifies(new RSADigestSigner(digest), key, signature, data);
    }

    private static boolean verifies(
            org.bouncycastle.crypto.Signer signer,
            CipherParameters key,
            byte[] signature,
            byte[] data) {
        signer.init(false, key);
        signer.update(data, 0, data.length);
        return signer.verifySignature(signature);
    }

    private static boolean ecdsa(
            Digest digest, CipherParameters key, byte[] signature, byte[] data) {
        var in = new SshBytes(signature);
        BigInteger r = in.positive();
        BigInteger s = in.positive();
        digest.update(data, 0, data.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        var signer = new ECDSASigner();
        signer.init(false, key);
        return in.wasAll() && signer.verifySignature(hash, r, s);
    }
}
