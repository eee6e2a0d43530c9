package airlock.queue;

import airlock.event.CommitId;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// A request that belongs to a worker until the worker ends it or dies.
///
/// @param commit the object in the event: a commit, or the tag object of an annotated tag
/// @param headBranch the short name of the branch of the repository itself that the forge names as
///     a change request's head, unverified (T1); empty if it names none
/// @param generation every write must name it; writes of an older generation are rejected
/// @param waits how often it was requeued because the forge did not answer
/// @param rerun what it repeats if a person asked for it; then its ref may have moved on
public record ClaimedRequest(
        RequestId id,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        String headBranch,
        long generation,
        int waits,
        Optional<Rerun> rerun) {
    /// A person's request to repeat a run or request (T7).
    ///
    /// @param highest the class of the repeated one, which is the limit of this one; if that one
    ///     ended before its class was known, empty, and the commit must be the ref's tip now
    /// @param althoughMoved whether it may publish a commit that is not its ref's tip any more
    public record Rerun(Optional<TrustClass> highest, boolean althoughMoved) {}

    /// The branches of the repository itself that the forge names as heads of change requests. Only
    /// hints: git shows whether the commit is on the branch when the request is claimed (T1).
    static final class ChangeHeads {
        private ChangeHeads() {}

        static void record(Handle handle, ForgeEvent.ChangeOffered event) {
            handle.execute(
                    """
                    INSERT INTO change_head (repository, number, branch) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET branch = excluded.branch
                    """,
                    event.repository().toString(),
                    event.change().key(),
                    event.headRef());
        }

        /// The branch's short name, empty if the forge names none.
        static String of(Handle handle, RepositoryId repository, Subject subject) {
            return switch (subject) {
                case Subject.Branch _, Subject.Tag _, Subject.MergeGroup _ -> "";
                case Subject.Change change ->
                        handle.select(
                                        "SELECT branch FROM change_head WHERE repository = ? AND number = ?",
                                        repository.toString(),
                                        change.key())
                                .mapTo(String.class)
                                .findOne()
                                .orElse("");
            };
        }
    }
}
