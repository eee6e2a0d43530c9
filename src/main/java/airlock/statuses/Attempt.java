package airlock.statuses;

import airlock.forge.PostAnswer;
import java.time.Duration;

/// What one attempt to tell the forge came to.
sealed interface Attempt {
    /// The forge has it.
    ///
    /// @param repeated it was posted a second time, since the forge did not show the first
    record Sent(boolean repeated) implements Attempt {}

    /// The forge does not have it and may take it later.
    ///
    /// @param after how long the forge asked to wait; zero where it did not say
    /// @param mayBePermanent tried a few times only
    /// @param asksFirst it is not known whether an earlier attempt arrived
    record Later(Duration after, String reason, boolean mayBePermanent, boolean asksFirst)
            implements Attempt {}

    /// The forge refuses the token, or the repository to the token.
    ///
    /// @param asksFirst it is not known whether an earlier attempt arrived
    record Refused(PostAnswer.Refused answer, boolean asksFirst) implements Attempt {}

    /// The forge will never take it.
    ///
    /// @param answered the forge said so, and so takes others
    record GivenUp(String reason, boolean answered) implements Attempt {}
}
