package airlock.vm;

import java.time.Duration;
import java.util.Optional;

/// A guest step with how it takes part in the list.
///
/// @param title what people read, at most 200 characters
/// @param what the thing to do
/// @param when whether it runs, by what came before it
/// @param timeout after which the guest ends it; only programs have one. Of steps that follow one
///     another it counts from the first's beginning
public record Step(String title, GuestStep what, When when, Optional<Duration> timeout) {
    /// When a step runs.
    public enum When {
        /// All steps before it have succeeded.
        PASSED,
        /// Whatever came before it.
        ALWAYS,
        /// One before it has failed.
        FAILED,
        /// The one before it ran and has succeeded.
        FOLLOWS,
        /// All before it have succeeded; where it fails, nothing runs any more but a terminal.
        SET_UP
    }

    /// One that takes the time that it takes.
    ///
    /// @param always whether it runs also after a step before it failed
    public Step(String title, GuestStep what, boolean always) {
        this(title, what, always ? When.ALWAYS : When.PASSED, Optional.empty());
    }

    /// The same with another title.
    public Step called(String other) {
        return new Step(other, what, when, timeout);
    }

    /// The same at another time.
    public Step at(When other) {
        return new Step(title, what, other, timeout);
    }

    /// The same, ended after `limit` where it is a program.
    public Step within(Duration limit) {
        return what instanceof GuestStep.Execute
                ? new Step(title, what, when, Optional.of(limit))
                : this;
    }
}
