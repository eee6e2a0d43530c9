package airlock.forge;

import airlock.event.CommitId;

/// A commit status to post.
///
/// @param description one line for people; cut to the forge's limit
/// @param targetUrl a page with more, may be empty
public record StatusUpdate(
        CommitId commit, CommitState state, String context, String description, String targetUrl) {}
