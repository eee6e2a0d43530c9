package airlock.secrets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;

/// Keys and certificates in OpenSSH's forms, by Apache MINA.
final class SshPairs {
    private SshPairs() {}

    /// Reads a private key file; empty for anything else, and for one with a passphrase.
    static Optional<KeyPair> read(byte[] file) {
        try {
            Iterable<KeyPair> keys =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("a private key"),
                            new ByteArrayInputStream(file),
                            null);
            return keys == null
                    ? Optional.empty()
                    : StreamSupport.stream(keys.spliterator(), false).findFirst();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty(); // its message may quote the key
        }
    }

    /// The public half as OpenSSH writes it, without a comment.
    static String line(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    /// Reads a user certificate on one line.
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

    /// Whether SSH sends two keys as the same bytes.
    static boolean isSame(PublicKey one, PublicKey other) {
        return Arrays.equals(blob(one), blob(other));
    }

    private static byte[] blob(PublicKey key) {
        var buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }
}
