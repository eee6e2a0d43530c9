package airlock.run;

import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.event.Subject;

/// Names the change requests that a merge group consists of.
@FunctionalInterface
public interface MergeQueues {
    /// Those of one group.
    ///
    /// @param head the commit of the group
    QueuedChanges of(RepositoryId repository, Subject.MergeGroup group, CommitId head);
}
