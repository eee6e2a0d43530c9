package airlock.run;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.phases.PhaseSettings;
import airlock.source.RemoteRepository;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What the configuration says today about a repository.
@FunctionalInterface
public interface Repositories {
    /// Empty where it is not configured any more.
    Optional<Known> find(RepositoryId id);

    /// What one repository is.
    ///
    /// @param lists whether a push to a subject is one to a listed ref, by its name alone (T2)
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
