package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.util.Optional;

/// A request that is this worker's until it ends it or dies.
///
/// @param commit the object that the event named: a commit, or the tag object of an annotated tag
/// @param headBranch the branch of the repository itself that the forge gives for a change
///     request's head, by its short name and unverified (T1); empty where it gives none
/// @param generation the number that each write must carry; an older one is refused
/// @param waits how often it went back to the queue because the forge was away
/// @param rerun what it repeats, where a person asked for it again: then its ref may have moved on
public record ClaimedRequest(
        RequestId id,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        String headBranch,
        long generation,
        int waits,
        Optional<Rerun> rerun) {
    /// A person's wish to repeat a run or request (T7).
    ///
    /// @param highest the class of what is repeated, which this one does not exceed; empty if that
    ///     ended before git showed where its commit is, which then must be its ref's tip now
    /// @param althoughMoved whether it may publish a commit that is no longer its ref's tip
    public record Rerun(Optional<TrustClass> highest, boolean althoughMoved) {}
}
