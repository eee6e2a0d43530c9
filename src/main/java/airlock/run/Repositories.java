package airlock.run;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.source.RemoteRepository;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The current configuration of repositories.
@FunctionalInterface
public interface Repositories {
    /// Empty if it is no longer configured.
    Optional<Known> find(RepositoryId id);

    /// A configured repository.
    ///
    /// @param lists whether a subject is a listed ref, by its name alone (T2)
    /// @param listedBranches full refs of the branches from which a listed tag must be reachable
    record Known(
            RemoteRepository remote,
            Predicate<Subject> lists,
            List<String> listedBranches,
            PhaseSettings settings) {
        public Known {
            listedBranches = List.copyOf(listedBranches);
        }
    }
}
