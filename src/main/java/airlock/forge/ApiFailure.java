package airlock.forge;

import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.forge.StatusPoster.LatestAnswer;
import airlock.forge.StatusPoster.PostAnswer;
import java.time.Duration;

/// Why a forge's API did not do what was asked.
public sealed interface ApiFailure extends PostAnswer, LatestAnswer, ChangesAnswer {
    /// It may work later.
    ///
    /// @param after how long the forge asked to wait; zero if it named no time
    /// @param mayBePermanent a 500, which this one status may have caused
    record Retry(Duration after, String reason, boolean mayBePermanent) implements ApiFailure {
        Retry(Duration after, String reason) {
            this(after, reason, false);
        }
    }

    /// The forge refuses the caller, not this request: everything in `scope` fails until a person
    /// changes something.
    ///
    /// @param cure what that person can do
    record Refused(Scope scope, String reason, String cure) implements ApiFailure {}

    /// How far a refusal reaches.
    enum Scope {
        /// Everything that is sent with this token.
        CREDENTIAL,
        /// Everything that is sent to this repository.
        REPOSITORY
    }

    record GaveUp(String reason) implements ApiFailure {}

    /// The repository was renamed; ask again with the new name.
    ///
    /// @param fullName `owner/name`
    record Renamed(String fullName) implements ApiFailure {}
}
