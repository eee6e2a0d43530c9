package airlock.event;

import java.util.List;

/// A forge's answer about the change requests in a merge group.
public sealed interface QueuedChanges {
    /// All of them are known.
    ///
    /// @param base the commit of the target branch that they are based on
    record Named(CommitId base, List<Head> heads) implements QueuedChanges {
        public Named {
            heads = List.copyOf(heads);
        }
    }

    /// The head of one change request.
    ///
    /// @param branch its branch, without `refs/heads/`; may be any text, since its author chose it
    record Head(String branch, CommitId commit) {}

    /// The forge does not name all of them.
    record Unnamed(String why) implements QueuedChanges {}

    /// The forge may name them later.
    record Away(String why) implements QueuedChanges {}
}
