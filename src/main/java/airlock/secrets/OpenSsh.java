package airlock.secrets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/// Keys and certificates in OpenSSH's own forms (its PROTOCOL.key; RFC 8709 for public halves).
final class OpenSsh {
    static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    static final String END = "-----END OPENSSH PRIVATE KEY-----";

    private static final int COLUMNS = 70;

    private OpenSsh() {}

    /// The line for authorized_keys or a forge's page; `comment` is printable ASCII without spaces.
    static String publicLine(Ed25519PrivateKeyParameters key, String comment) {
        byte[] blob = encoded(() -> OpenSSHPublicKeyUtil.encodePublicKey(key.generatePublicKey()));
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob) + " " + comment;
    }

    /// The private key file, without a passphrase.
    static byte[] privateFile(Ed25519PrivateKeyParameters key) {
        byte[] blob = encoded(() -> OpenSSHPrivateKeyUtil.encodePrivateKey(key));
        String text = Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'}).encodeToString(blob);
        return (BEGIN + "\n" + text + "\n" + END + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] encoded(Callable<byte[]> encoding) {
        try {
            return encoding.call();
        } catch (Exception e) {
            throw new SecretsException("writing an Ed25519 key in OpenSSH's form failed", e);
        }
    }

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
