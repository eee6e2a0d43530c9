package airlock.sweep;

import airlock.event.RepositoryId;
import airlock.forge.ForgeRepository;
import airlock.queue.IntakePolicy;
import airlock.source.RemoteRepository;

/// A repository that is to be compared with its forge.
///
/// @param repository its id, and its name by the configuration
/// @param remote where its refs are asked for
/// @param policy what holds for its webhooks, too
public record SweepTarget(
        ForgeRepository repository, RemoteRepository remote, IntakePolicy policy) {
    RepositoryId id() {
        return repository.id();
    }

    String forge() {
        return id().forge();
    }
}
