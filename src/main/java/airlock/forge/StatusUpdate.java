package airlock.forge;

import airlock.event.CommitId;

/// A commit status to be posted.
///
/// @param description one line for people; cut where the forge takes less
/// @param targetUrl where people find more, may be empty
public record StatusUpdate(
        ForgeRepository repository,
        CommitId commit,
        CommitState state,
        String context,
        String description,
        String targetUrl) {}
