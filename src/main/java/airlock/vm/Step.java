package airlock.vm;

import java.time.Duration;
import java.util.Optional;

/// A guest step in a list.
///
/// @param title for people, at most 200 characters
/// @param timeout after which the guest ends it; only programs have one. For steps that follow each
///     other it counts from the beginning of the first
public record Step(String title, GuestStep what, When when, Optional<Duration> timeout) {
    public enum When {
        /// All steps before it have succeeded.
        PASSED,
        ALWAYS,
        /// A step before it has failed.
        FAILED,
        /// The step before it ran and has succeeded.
        FOLLOWS,
        /// All before it have succeeded; if it fails, only a terminal still runs.
        SET_UP
    }

    /// One without a time limit.
    ///
    /// @param always whether it runs even if a step before it failed
    public Step(String title, GuestStep what, boolean always) {
        this(title, what, always ? When.ALWAYS : When.PASSED, Optional.empty());
    }

    public Step called(String other) {
        return new Step(other, what, when, timeout);
    }

    public Step at(When other) {
        return new Step(title, what, other, timeout);
    }

    /// The same, ended after `limit` if it is a program.
    public Step within(Duration limit) {
        return what instanceof GuestStep.Execute
                ? new Step(title, what, when, Optional.of(limit))
                : this;
    }
}
