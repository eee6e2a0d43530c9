package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;

/// Who wants to start from what earlier runs left (T6).
///
/// @param defaultBranch the branch whose outputs are read where the own ref has none
public record BlobReader(
        RunId run,
        RepositoryId repository,
        Subject subject,
        TrustClass trust,
        Subject.Branch defaultBranch) {}
