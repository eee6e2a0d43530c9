package airlock.event;

/// The forge-neutral meaning of a delivery or of a sweep's finding.
///
/// Each variant has the repository id from the *body*; the queue checks that it is the one pinned
/// for the hook's URL (T8).
public sealed interface ForgeEvent {
    RepositoryId repository();

    /// A branch was created or moved.
    ///
    /// @param before its former commit; [CommitId#NONE] if the forge does not say
    /// @param after its new commit
    /// @param skipped whether the head commit's message asks to skip tests (`[skip ci]`)
    record Pushed(
            RepositoryId repository,
            Subject.Branch branch,
            CommitId before,
            CommitId after,
            CommitSummary summary,
            boolean skipped)
            implements ForgeEvent {}

    /// A tag was created or moved.
    ///
    /// @param after its new object: a commit, or the tag object of an annotated tag
    record Tagged(
            RepositoryId repository,
            Subject.Tag tag,
            CommitId before,
            CommitId after,
            CommitSummary summary)
            implements ForgeEvent {}

    /// A branch or tag was deleted, so its last recorded commit is forgotten (T5).
    record Deleted(RepositoryId repository, Subject ref) implements ForgeEvent {}

    /// A change request was opened or reopened, or got new commits or another target, or is no
    /// longer a draft.
    ///
    /// @param before its former head; [CommitId#NONE] if the forge does not say
    /// @param head the commit to test
    /// @param headRef the head's branch in the repository itself according to the body, unverified
    ///     (T1 asks git); empty for forks and if the body has none
    /// @param skipped whether its title or its head commit's message asks to skip tests
    record ChangeOffered(
            RepositoryId repository,
            Subject.Change change,
            CommitId before,
            CommitId head,
            String headRef,
            CommitSummary summary,
            boolean draft,
            boolean skipped)
            implements ForgeEvent {}

    /// A merge queue wants the commits of a group tested.
    ///
    /// @param head the commit to test
    record MergeGroupOffered(
            RepositoryId repository, Subject.MergeGroup group, CommitId head, CommitSummary summary)
            implements ForgeEvent {}

    /// A merge group was merged, or left the queue.
    ///
    /// @param reason the forge's word, such as `dequeued`; may be empty
    record MergeGroupGone(RepositoryId repository, Subject.MergeGroup group, String reason)
            implements ForgeEvent {}

    record ChangeClosed(RepositoryId repository, Subject.Change change) implements ForgeEvent {}
}
