package airlock.forge;

/// The newest status of a commit and context.
public sealed interface LatestAnswer permits LatestAnswer.Found, LatestAnswer.None, ApiFailure {
    /// The status.
    ///
    /// @param state the forge's word, such as `pending`
    record Found(String state, String description, String targetUrl) implements LatestAnswer {}

    /// The commit has no status with this context.
    record None() implements LatestAnswer {}
}
