package airlock.source;

/// Where a commit must be for a fetch to succeed.
public enum CommitPlace {
    /// At the tip of the ref, as for every first test of a commit (T5).
    TIP,
    /// Anywhere at the forge, for a rerun; [Source#tip()] is the ref's commit (T7).
    ANYWHERE
}
