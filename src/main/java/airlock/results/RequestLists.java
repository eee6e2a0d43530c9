package airlock.results;

import airlock.event.RepositoryId;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// The numbers of requests that have no run, newest first.
final class RequestLists {
    private static final Newest UNPLANNED = new Newest("request", "state IN ('queued', 'claimed')");
    private static final Newest ENDED = new Newest("request", "ended_early = 1");

    private RequestLists() {}

    static List<Long> waiting(Handle handle, Set<RepositoryId> repositories, int most) {
        var wanted = new Newest.Wanted(repositories, SubjectFilter.ANY, Long.MAX_VALUE);
        return UNPLANNED.of(handle, wanted, most);
    }

    /// Those that ended, but for superseded ones.
    ///
    /// @param query its `before` is the id of a request or of the last run of the page before
    /// @param oldest the last run of this page: none that came before its request; empty for all
    static List<Long> ended(Handle handle, RunQuery query, String oldest) {
        var before = below(handle, query.before());
        if (before.isEmpty()) {
            return List.of();
        }
        var wanted = new Newest.Wanted(query.repositories(), query.subject(), before.getAsLong());
        long least = oldest.isEmpty() ? 0 : below(handle, oldest).orElse(0);
        return ENDED.of(handle, wanted, query.limit()).stream()
                .filter(seq -> seq >= least)
                .toList();
    }

    /// The number that all older requests are below.
    ///
    /// @param id of a request, which is older than itself no more, or of a run, whose request is
    private static OptionalLong below(Handle handle, String id) {
        return id.isEmpty()
                ? OptionalLong.of(Long.MAX_VALUE)
                : handle
                        .createQuery(
                                """
                                SELECT seq FROM request WHERE id = :id
                                UNION ALL
                                SELECT q.seq + 1 FROM run r JOIN request q ON q.id = r.request WHERE r.id = :id
                                """)
                        .bind("id", id)
                        .mapTo(Long.class)
                        .stream()
                        .mapToLong(seq -> seq)
                        .findFirst();
    }
}
