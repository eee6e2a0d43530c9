package airlock.secrets;

import airlock.base.Hash;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.nio.ByteBuffer;

/// The phase of a run for which secrets are opened.
public record RunFacts(
        RunId run, RepositoryId repository, Subject subject, TrustClass trust, Phase phase) {
    /// A certificate's serial number: the first 63 bits of the SHA-256 of the run's id.
    long serial() {
        return ByteBuffer.wrap(Hash.sha256().add(run.text()).bytes()).getLong() >>> 1;
    }
}
