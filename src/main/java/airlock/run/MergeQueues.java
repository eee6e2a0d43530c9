package airlock.run;

import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.event.Subject;

/// Lists the change requests in a merge group.
@FunctionalInterface
public interface MergeQueues {
    /// The change requests in `group`.
    ///
    /// @param head the commit of the group
    QueuedChanges of(RepositoryId repository, Subject.MergeGroup group, CommitId head);
}
