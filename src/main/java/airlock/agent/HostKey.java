package airlock.agent;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.jspecify.annotations.Nullable;

/// A host's public key, which identifies it. It comes from the configuration; keys that a guest
/// sends are only compared with it.
public final class HostKey {
    private static final int SHORTEST_RSA = 2048;

    private final HostKeyKind kind;
    private final AsymmetricKeyParameter key;
    private final byte[] blob;

    private HostKey(HostKeyKind kind, AsymmetricKeyParameter key, byte[] blob) {
        this.kind = kind;
        this.key = key;
        this.blob = blob;
    }

    public sealed interface Reading {
        record Read(HostKey key) implements Reading {}

        /// Not a usable key.
        ///
        /// @param why follows "the key" in a sentence
        record Refused(String why) implements Reading {}
    }

    /// Reads a key of the configuration.
    ///
    /// @param blob decoded from the Base64 after the type in a known_hosts file (sshd(8))
    public static Reading read(byte[] blob) {
        String type = KeyNames.type(blob);
        var kind = HostKeyKind.of(type);
        if (kind.isEmpty()) {
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
                : new Reading.Read(new HostKey(kind.orElseThrow(), key, blob.clone()));
    }

    /// Compares it with bytes that may be anything.
    boolean is(byte[] other) {
        return Arrays.equals(blob, other);
    }

    /// Whether the host has signed `data`.
    ///
    /// @param signature with its algorithm before it (RFC 4253, 6.6); may be anything
    boolean hasSigned(byte[] data, byte[] signature) {
        var in = new SshBytes(signature);
        String algorithm = in.text();
        byte[] bare = in.string();
        return in.wasAll() && kind.verifies(key, algorithm, bare, data);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostKey that && is(that.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    /// Type and fingerprint.
    @Override
    public String toString() {
        return KeyNames.of(blob);
    }
}
