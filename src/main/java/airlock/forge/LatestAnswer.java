package airlock.forge;

import java.time.Duration;

/// The newest status of a commit and context.
public sealed interface LatestAnswer {
    /// This one.
    ///
    /// @param state the forge's word, such as `pending`
    record Found(String state, String description, String targetUrl) implements LatestAnswer {}

    /// There is none.
    record None() implements LatestAnswer {}

    /// Can't be told now.
    ///
    /// @param after how long the forge asked to wait; zero where it did not say
    record Retry(Duration after, String reason) implements LatestAnswer {}

    /// Can't be told at all.
    record GaveUp(String reason) implements LatestAnswer {}

    /// The repository has another name now; to be asked again under it.
    ///
    /// @param fullName `owner/name`
    record Renamed(String fullName) implements LatestAnswer {}
}
