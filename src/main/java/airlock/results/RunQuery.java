package airlock.results;

import airlock.event.RepositoryId;
import java.util.Set;

/// Which runs a list shows.
///
/// @param repositories of these only
/// @param subject of this branch, tag or change request only
/// @param before only those older than the run with this id; empty for the newest. An id that
///     does not exist gives no runs
/// @param limit the most to give
public record RunQuery(
        Set<RepositoryId> repositories, SubjectFilter subject, String before, int limit) {
    public RunQuery {
        repositories = Set.copyOf(repositories);
    }
}
