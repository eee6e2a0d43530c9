package airlock.event;

/// What a delivery or a sweep means, in no forge's own words.
///
/// Each variant names the repository by the id that the *body* gave; whether that is the one pinned
/// for the hook's URL is checked by who keeps it (T8).
public sealed interface ForgeEvent {
    /// The repository it happened to.
    RepositoryId repository();

    /// A branch was made or moved.
    ///
    /// @param before where it was, [CommitId#NONE] where the forge does not say
    /// @param after where it is now, a commit
    /// @param skipped the head commit's message asks not to be tested (`[skip ci]`)
    record Pushed(
            RepositoryId repository,
            Subject.Branch branch,
            CommitId before,
            CommitId after,
            CommitSummary summary,
            boolean skipped)
            implements ForgeEvent {}

    /// A tag was made or moved.
    ///
    /// @param after the tag's object: a commit, or the tag object of an annotated tag
    record Tagged(
            RepositoryId repository,
            Subject.Tag tag,
            CommitId before,
            CommitId after,
            CommitSummary summary)
            implements ForgeEvent {}

    /// A branch or tag is gone; what was last recorded for it is forgotten (T5).
    record Deleted(RepositoryId repository, Subject ref) implements ForgeEvent {}

    /// A change request was opened, got new commits, another target, was reopened or left its draft
    /// state.
    ///
    /// @param before the head the forge says it had, [CommitId#NONE] where it does not say
    /// @param head the commit to test
    /// @param headRef the branch of the repository itself that the body gives for the head,
    ///     unverified (T1 asks git); empty for forks and wherever the body gives none
    /// @param draft whether it is a draft
    /// @param skipped its title or head commit's message asks not to be tested
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

    /// A change request was closed or merged.
    record ChangeClosed(RepositoryId repository, Subject.Change change) implements ForgeEvent {}
}
