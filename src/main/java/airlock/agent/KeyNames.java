package airlock.agent;

import java.util.Base64;
import org.bouncycastle.crypto.digests.SHA256Digest;

/// Shows public keys as OpenSSH does.
final class KeyNames {
    static final String ED25519 = "ssh-ed25519";

    private static final int LONGEST_TYPE = 64;

    private KeyNames() {}

    /// Type and fingerprint. The bytes may be anything.
    static String of(byte[] blob) {
        String type = type(blob);
        return (type.isEmpty() ? "" : type + " ") + fingerprint(blob);
    }

    /// The type that a public key begins with; empty if the bytes are not a key.
    static String type(byte[] blob) {
        String type = new SshBytes(blob).text();
        return type.length() <= LONGEST_TYPE ? type : "";
    }

    private static String fingerprint(byte[] blob) {
        var digest = new SHA256Digest();
        digest.update(blob, 0, blob.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    }
}
