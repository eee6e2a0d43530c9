package airlock.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/// Ed25519 keys in OpenSSH's own forms (its PROTOCOL.key; RFC 8709 for the public half).
final class OpenSsh {
    static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    static final String END = "-----END OPENSSH PRIVATE KEY-----";

    private static final int COLUMNS = 70;

    private OpenSsh() {}

    /// The line for an authorized_keys file or a forge's page, without a line feed.
    ///
    /// @param comment printable ASCII without spaces
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
}
