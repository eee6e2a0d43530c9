package airlock.source;

/// Where a commit has to lie for a fetch to give it.
public enum Place {
    /// At the tip of the ref, as every first test of a commit demands (T5).
    TIP,
    /// Anywhere the forge still has it, for a rerun; [Source#tip()] says where the ref is (T7).
    ANYWHERE
}
