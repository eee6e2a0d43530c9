package airlock.sweep;

import airlock.event.RepositoryId;
import airlock.forge.ForgeRepository;
import airlock.queue.IntakePolicy;
import airlock.source.RemoteRepository;

/// A repository to compare with its forge.
///
/// @param repository with its configured name
/// @param remote for its refs
/// @param policy as for its webhooks
public record SweepTarget(
        ForgeRepository repository, RemoteRepository remote, IntakePolicy policy) {
    RepositoryId id() {
        return repository.id();
    }

    String forge() {
        return id().forge();
    }
}
