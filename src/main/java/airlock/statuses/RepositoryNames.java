package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ForgeRepository;
import java.util.Optional;

/// What the repositories are called, by the configuration.
@FunctionalInterface
public interface RepositoryNames {
    /// The repository's name; empty where the configuration has it no more.
    Optional<ForgeRepository> of(RepositoryId repository);
}
