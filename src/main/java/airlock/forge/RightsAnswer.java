package airlock.forge;

import java.time.Instant;

/// What a forge says when it is asked for a repository with Airlock's token.
public sealed interface RightsAnswer {
    /// It shows the repository.
    ///
    /// @param writing whether statuses can be set
    /// @param defaultBranch its default branch, foreign text; empty if the forge does not say
    /// @param said the time by the forge's clock; 1970 if it did not say
    record Shown(Writing writing, String defaultBranch, Instant said) implements RightsAnswer {}

    /// It refuses.
    ///
    /// @param reason the forge's answer, for people
    /// @param said the time by the forge's clock; 1970 if it did not say
    record Refused(Cause cause, String reason, Instant said) implements RightsAnswer {}

    /// It has the repository under another name.
    ///
    /// @param name `OWNER/NAME`; empty if the forge does not show it
    /// @param said the time by the forge's clock; 1970 if it did not say
    record Moved(String name, Instant said) implements RightsAnswer {}

    /// It could not be asked.
    record Silent(String reason) implements RightsAnswer {}

    /// Whether a status can be set.
    sealed interface Writing {
        /// Token and user may.
        record Allowed() implements Writing {}

        /// The token's user has no write access.
        record UserLacksAccess() implements Writing {}

        /// The token lacks the right, whatever its user has.
        ///
        /// @param reason the forge's answer, for people
        record TokenLacksScope(String reason) implements Writing {}
    }

    /// What an answer other than 200 means.
    enum Cause {
        /// 401: the token is wrong, expired or revoked.
        TOKEN,
        /// 403: the token lacks a scope.
        SCOPE,
        /// 404: no such repository, or one that the token may not see.
        MISSING,
        /// Too many requests for now.
        LIMIT,
        /// Not an answer that the forge's API gives.
        OTHER
    }
}
