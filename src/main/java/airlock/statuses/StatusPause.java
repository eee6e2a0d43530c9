package airlock.statuses;

import airlock.event.RepositoryId;
import java.time.Instant;
import java.util.Optional;

/// A pause of statuses because a forge refuses them.
///
/// @param repository whose statuses wait; empty if all wait because the token is refused
/// @param cure what the operator can do
/// @param since when the first one was refused
/// @param until when the next one is tried
public record StatusPause(
        String forge,
        Optional<RepositoryId> repository,
        String reason,
        String cure,
        Instant since,
        Instant until) {

    /// Whose statuses wait, for people.
    public String scope() {
        return repository.map(id -> "repository " + id).orElse("forge '" + forge + "'");
    }
}
