package airlock.agent;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.jspecify.annotations.Nullable;

/// The public key by which a host is told from all others. It is read from the configuration; what
/// a guest says is only compared with it.
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

    /// What bytes are.
    public sealed interface Reading {
        /// A host key.
        record Read(HostKey key) implements Reading {}

        /// None that can be used.
        ///
        /// @param why what follows "the key"
        record Refused(String why) implements Reading {}
    }

    /// Reads one from the configuration.
    ///
    /// @param blob as it stands, in Base64, in a known_hosts file (sshd(8)) behind the key's type
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
            // what a client sends is compared byte by byte, so there may be but one way to write it
            if (!Arrays.equals(OpenSSHPublicKeyUtil.encodePublicKey(key), blob)) {
                return new Reading.Refused("is not written as OpenSSH writes " + type);
            }
        } catch (IOException | RuntimeException e) {
            return new Reading.Refused("is no good " + type + ": " + e.getMessage());
        }
        return key instanceof RSAKeyParameters rsa && rsa.getModulus().bitLength() < SHORTEST_RSA
                ? new Reading.Refused(
                        "has %d bits; %d are the least"
                                .formatted(rsa.getModulus().bitLength(), SHORTEST_RSA))
                : new Reading.Read(new HostKey(kind.orElseThrow(), key, blob.clone()));
    }

    /// Reads one as it stands in a known_hosts file behind the hosts, or in a `.pub` file.
    ///
    /// @param line type and Base64, and a comment or none
    public static Reading readLine(String line) {
        String[] words = line.strip().split("[ \\t]+", 3);
        if (words.length < 2) {
            return new Reading.Refused("is not written as `TYPE BASE64`");
        }
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(words[1]);
        } catch (IllegalArgumentException e) {
            return new Reading.Refused("is no Base64: " + e.getMessage());
        }
        return KeyNames.type(blob).equals(words[0])
                ? read(blob)
                : new Reading.Refused("calls itself %s, which it is not".formatted(words[0]));
    }

    /// Whether it is the one that these bytes are.
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
