package airlock.results;

import airlock.event.RepositoryId;
import java.util.Set;

/// Selects the runs of a list.
///
/// @param before only runs older than the one with this id; empty for the newest. An unknown id
///     selects no runs
public record RunQuery(
        Set<RepositoryId> repositories, SubjectFilter subject, String before, int limit) {
    public RunQuery {
        repositories = Set.copyOf(repositories);
    }
}
