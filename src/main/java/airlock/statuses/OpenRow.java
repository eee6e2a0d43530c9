package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.forge.CommitState;
import java.time.Instant;

/// A row that was taken to be sent.
///
/// @param asksFirst the forge may have it already
/// @param attempts how often it was taken, this time included
/// @param refusals how often the forge answered with what may be permanent
/// @param probe it was taken to find out whether a pause is over
/// @param made when the state changed
record OpenRow(
        long seq,
        RequestId request,
        RepositoryId repository,
        CommitId commit,
        String context,
        CommitState state,
        String description,
        String target,
        boolean asksFirst,
        int attempts,
        int refusals,
        boolean probe,
        Instant made) {}
