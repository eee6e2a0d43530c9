package airlock.forge;

/// A forge's answer about a repository and Airlock's token.
public sealed interface RightsAnswer {
    /// The token sees the repository.
    ///
    /// @param writing whether statuses can be set
    /// @param defaultBranch its default branch, foreign text; empty if unknown
    record Shown(Writing writing, String defaultBranch) implements RightsAnswer {}

    /// The forge refuses.
    ///
    /// @param reason the forge's answer, for people
    record Refused(Cause cause, String reason) implements RightsAnswer {}

    /// The repository has another name.
    ///
    /// @param name `OWNER/NAME`; empty if unknown
    record Moved(String name) implements RightsAnswer {}

    /// No answer.
    record Silent(String reason) implements RightsAnswer {}

    /// Whether statuses can be set.
    sealed interface Writing {
        /// They can.
        record Allowed() implements Writing {}

        /// The token's user has no write access.
        record UserLacksAccess() implements Writing {}

        /// The token lacks the right, even if its user has it.
        ///
        /// @param reason the forge's answer, for people
        record TokenLacksScope(String reason) implements Writing {}
    }

    /// The reason for an answer other than 200.
    enum Cause {
        /// 401: the token is wrong, expired or revoked.
        TOKEN,
        /// 403: the token lacks a scope.
        SCOPE,
        /// 404: the repository does not exist, or the token may not see it.
        MISSING,
        /// A rate limit.
        LIMIT,
        /// Not an answer of the forge's API.
        OTHER
    }
}
