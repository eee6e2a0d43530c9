package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;

/// A request that is this worker's until it ends it or dies.
///
/// @param commit the object that the event named: a commit, or the tag object of an annotated tag
/// @param generation the number that each write must carry; an older one is refused
/// @param waits how often it went back to the queue because the forge was away
/// @param rerun whether a person asked for it again: then its ref may have moved on
public record ClaimedRequest(
        RequestId id,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        long generation,
        int waits,
        boolean rerun) {}
