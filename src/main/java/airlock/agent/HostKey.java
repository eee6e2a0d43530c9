package airlock.agent;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.jspecify.annotations.Nullable;

/// A host's public key, which identifies it. It comes from the configuration; keys that a guest
/// sends are only compared with it.
public final class HostKey {
    static final String ED25519 = "ssh-ed25519";

    private static final String RSA = "ssh-rsa";
    private static final Set<String> TYPES =
            Set.of(
                    ED25519,
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    RSA);
    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_TYPE = 64;

    private final String type;
    private final AsymmetricKeyParameter key;
    private final byte[] blob;

    private HostKey(String type, AsymmetricKeyParameter key, byte[] blob) {
        this.type = type;
        this.key = key;
        this.blob = blob;
    }

    public sealed interface Reading {
        record Read(HostKey key) implements Reading {}

        /// Not a usable key; `why` follows "the key" in a sentence.
        record Refused(String why) implements Reading {}
    }

    /// Reads a key of the configuration.
    ///
    /// @param blob decoded from the Base64 after the type in a known_hosts file (sshd(8))
    public static Reading read(byte[] blob) {
        String type = typeOf(blob);
        if (!TYPES.contains(type)) {
            return new Reading.Refused(
                    "is "
                            + (type.isEmpty() ? "no public key" : "of type " + type)
                            + ", not one of ssh-ed25519, ecdsa-sha2-nistp256, -384, -521, ssh-rsa");
        }
        AsymmetricKeyParameter key;
        try {
            key = OpenSSHPublicKeyUtil.parsePublicKey(blob);
            // keys are compared byte by byte, so each may have only one encoding
            if (!Arrays.equals(OpenSSHPublicKeyUtil.encodePublicKey(key), blob)) {
                return new Reading.Refused("is not written as OpenSSH writes " + type);
            }
        } catch (IOException | RuntimeException e) {
            return new Reading.Refused("is an invalid " + type + ": " + e.getMessage());
        }
        return key instanceof RSAKeyParameters rsa && rsa.getModulus().bitLength() < SHORTEST_RSA
                ? new Reading.Refused(
                        "has %d bits; at least %d are required"
                                .formatted(rsa.getModulus().bitLength(), SHORTEST_RSA))
                : new Reading.Read(new HostKey(type, key, blob.clone()));
    }

    /// Compares it with bytes that may be anything.
    boolean is(byte[] other) {
        return Arrays.equals(blob, other);
    }

    /// Whether the host has signed `data`: RFC 8709, RFC 5656, RFC 8332; RSA only with SHA-2.
    ///
    /// @param signature with its algorithm before it (RFC 4253, 6.6); may be anything
    boolean hasSigned(byte[] data, byte[] signature) {
        var in = new SshBytes(signature);
        String algorithm = in.text();
        byte[] bare = in.string();
        if (!in.wasAll() || type.equals(RSA) != algorithm.startsWith("rsa-sha2-")) {
            return false;
        }
        return switch (algorithm) {
            case "rsa-sha2-256" -> verifies(new RSADigestSigner(new SHA256Digest()), bare, data);
            case "rsa-sha2-512" -> verifies(new RSADigestSigner(new SHA512Digest()), bare, data);
            case ED25519 -> algorithm.equals(type) && verifies(new Ed25519Signer(), bare, data);
            case "ecdsa-sha2-nistp256" -> ecdsa(algorithm, new SHA256Digest(), bare, data);
            case "ecdsa-sha2-nistp384" -> ecdsa(algorithm, new SHA384Digest(), bare, data);
            case "ecdsa-sha2-nistp521" -> ecdsa(algorithm, new SHA512Digest(), bare, data);
            default -> false;
        };
    }

    private boolean verifies(Signer signer, byte[] signature, byte[] data) {
        signer.init(false, key);
        signer.update(data, 0, data.length);
        return signer.verifySignature(signature);
    }

    private boolean ecdsa(String algorithm, Digest digest, byte[] signature, byte[] data) {
        var in = new SshBytes(signature);
        BigInteger r = in.positive();
        BigInteger s = in.positive();
        if (!in.wasAll() || !algorithm.equals(type)) {
            return false;
        }
        var signer = new ECDSASigner();
        signer.init(false, key);
        return signer.verifySignature(hash(digest, data), r, s);
    }

    private static byte[] hash(Digest digest, byte[] data) {
        digest.update(data, 0, data.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    /// The type that a public key begins with; empty if the bytes are not a key.
    static String typeOf(byte[] blob) {
        String type = new SshBytes(blob).text();
        return type.length() <= LONGEST_TYPE ? type : "";
    }

    /// Type and fingerprint of a public key as OpenSSH shows them. The bytes may be anything.
    static String shown(byte[] blob) {
        byte[] hash = hash(new SHA256Digest(), blob);
        String fingerprint = Base64.getEncoder().withoutPadding().encodeToString(hash);
        return (typeOf(blob) + " SHA256:" + fingerprint).strip();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostKey that && is(that.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return shown(blob);
    }
}
