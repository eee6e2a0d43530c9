package airlock.forge;

import java.time.Duration;

/// What became of a status that was posted.
public sealed interface PostAnswer {
    /// The forge has it.
    record Posted() implements PostAnswer {}

    /// The forge does not have it and may take it later.
    ///
    /// @param after how long the forge asked to wait; zero where it did not say
    /// @param mayBePermanent a 500, which may be this one status's fault
    record Retry(Duration after, String reason, boolean mayBePermanent) implements PostAnswer {}

    /// The forge refuses the caller and not this status: nothing of `scope` is taken until a person
    /// changes something.
    ///
    /// @param cure what that person can do
    record Refused(Scope scope, String reason, String cure) implements PostAnswer {}

    /// What a refusal holds for.
    enum Scope {
        /// All that is sent with this token.
        CREDENTIAL,
        /// All that is sent to this repository.
        REPOSITORY
    }

    /// The forge will never take it.
    record GaveUp(String reason) implements PostAnswer {}

    /// The repository has another name now; to be posted again under it.
    ///
    /// @param fullName `owner/name`
    record Renamed(String fullName) implements PostAnswer {}

    /// The request went out and no answer came: the forge may have it. Ask with
    /// [StatusPoster#latest] before posting again.
    record Unknown(String reason) implements PostAnswer {}
}
