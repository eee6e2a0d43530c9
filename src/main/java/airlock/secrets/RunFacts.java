package airlock.secrets;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// For which run a secret is opened.
public record RunFacts(
        RunId run, RepositoryId repository, Subject subject, TrustClass trust, Phase phase) {
    /// A number for certificates that stands for the run: the first 63 bits of the SHA-256 of its
    /// id.
    long serial() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(run.text().getBytes(StandardCharsets.US_ASCII));
            return ByteBuffer.wrap(hash).getLong() >>> 1;
        } catch (NoSuchAlgorithmException e) {
            throw new SecretsException("this Java has no SHA-256", e);
        }
    }
}
