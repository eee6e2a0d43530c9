package airlock.results;

import airlock.event.RepositoryId;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Finds requests without a run, newest first, by `seq`.
final class RequestLists {
    private static final Newest UNPLANNED = new Newest("request", "state IN ('queued', 'claimed')");
    private static final Newest ENDED = new Newest("request", "ended_early = 1");

    private RequestLists() {}

    static List<Long> waiting(Handle handle, Set<RepositoryId> repositories, int most) {
        var wanted = new Newest.Wanted(repositories, SubjectFilter.ANY, Long.MAX_VALUE);
        return UNPLANNED.of(handle, wanted, most);
    }

    /// Requests that ended and were not superseded.
    ///
    /// @param query its `before` is the id of a request, or of the previous page's last run
    /// @param oldest id of this page's last run: no requests before that run's; empty for all
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

    /// A number greater than the `seq` of all requests to list.
    ///
    /// @param id of a request, which is not listed itself, or of a run, whose request is
    private static OptionalLong below(Handle handle, String id) {
        return number(
                handle,
                id,
                """
                SELECT seq FROM request WHERE id = :id
                UNION ALL
                SELECT q.seq + 1 FROM run r JOIN request q ON q.id = r.request WHERE r.id = :id
                """);
    }

    /// The number that `sql` selects for `id`; the largest one if `id` is empty.
    static OptionalLong number(Handle handle, String id, String sql) {
        return id.isEmpty()
                ? OptionalLong.of(Long.MAX_VALUE)
                : handle.createQuery(sql).bind("id", id).mapTo(Long.class).stream()
                        .mapToLong(seq -> seq)
                        .findFirst();
    }
}
