package airlock.secrets;

import airlock.event.RepositoryId;
import java.time.Instant;
import java.util.List;

/// A token for reading, without the token itself, which nobody has but who made it.
///
/// @param repositories what it opens, by id, sorted
/// @param madeBy the user who made it
/// @param expires from when on it opens nothing
public record ReadToken(
        String name,
        List<RepositoryId> repositories,
        String madeBy,
        Instant made,
        Instant expires) {
    public ReadToken {
        repositories = List.copyOf(repositories);
    }

    /// Whether it opens anything at `now`. One that was made in the future was made before the
    /// clock was set back, and would live longer than it was meant to.
    public boolean isValid(Instant now) {
        return now.isBefore(expires) && !made.isAfter(now.plus(ReadTokens.CLOCK_SLACK));
    }
}
