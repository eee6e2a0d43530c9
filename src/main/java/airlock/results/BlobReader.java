package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;

/// A run that wants to start from outputs of earlier runs (T6).
///
/// @param defaultBranch whose outputs it reads if its own ref has none
public record BlobReader(
        RunId run,
        RepositoryId repository,
        Subject subject,
        TrustClass trust,
        Subject.Branch defaultBranch) {}
