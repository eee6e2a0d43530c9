package airlock.statuses;

import airlock.event.RepositoryId;
import java.time.Instant;
import java.util.Optional;

/// Statuses wait because a forge refuses them.
///
/// @param repository the one whose statuses wait; empty if the token is refused, and so all wait
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

    /// What waits, for people.
    public String scope() {
        return repository.map(id -> "repository " + id).orElse("forge '" + forge + "'");
    }
}
