package airlock.secrets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;

/// Keys and certificates in OpenSSH's forms, as Apache MINA has them.
final class SshPairs {
    private SshPairs() {}

    /// Reads a private key file; empty where it holds none, or one with a passphrase.
    static Optional<KeyPair> read(byte[] file) {
        try {
            Iterable<KeyPair> keys =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("a private key"),
                            new ByteArrayInputStream(file),
                            null);
            if (keys == null) {
                return Optional.empty();
            }
            var all = keys.iterator();
            return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty(); // its message may quote what it read
        }
    }

    /// The public half as OpenSSH writes it, without a comment.
    static String line(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    /// Reads a user certificate on one line; empty where it is none.
    static Optional<OpenSshCertificate> certificate(String line) {
        try {
            PublicKeyEntry entry = PublicKeyEntry.parsePublicKeyEntry(line.strip());
            return entry != null
                            && entry.resolvePublicKey(null, null, null)
                                    instanceof OpenSshCertificate certificate
                            && certificate.getType() == OpenSshCertificate.Type.USER
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /// Whether two keys are the same as SSH sends them.
    static boolean isSame(PublicKey one, PublicKey other) {
        return Arrays.equals(blob(one), blob(other));
    }

    private static byte[] blob(PublicKey key) {
        var buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }
}
