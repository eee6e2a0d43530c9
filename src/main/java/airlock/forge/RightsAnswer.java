package airlock.forge;

import java.time.Instant;

/// What a forge says when it is asked for a repository with Airlock's token.
public sealed interface RightsAnswer {
    /// It shows it.
    ///
    /// @param mayWrite whether the token's user may write to it, which statuses take
    /// @param said the time by the forge's clock; 1970 where it did not say
    record Shown(boolean mayWrite, Instant said) implements RightsAnswer {}

    /// It does not.
    ///
    /// @param reason why, with what can be done
    /// @param said the time by the forge's clock; 1970 where it did not say
    record Refused(String reason, Instant said) implements RightsAnswer {}

    /// It could not be asked.
    record Silent(String reason) implements RightsAnswer {}
}
