package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.forge.StatusUpdate;
import java.time.Instant;

/// A row of the outbox that was taken to be sent.
///
/// @param asksFirst the forge may have the status already
/// @param made when the state changed
record OpenRow(
        long seq,
        RequestId request,
        RepositoryId repository,
        StatusUpdate status,
        boolean asksFirst,
        Tries tries,
        Instant made) {
    /// The attempts so far.
    ///
    /// @param count including this one
    /// @param refusals answers that may be permanent
    /// @param probe whether this one finds out if a pause is over
    record Tries(int count, int refusals, boolean probe) {}

    /// For the log.
    String called() {
        return "%s of %s".formatted(status.context(), status.commit());
    }
}
