package airlock.results;

import airlock.event.RepositoryId;
import airlock.results.View.RequestView;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Lists of requests that have no run, newest first.
final class RequestLists {
    private static final Newest UNPLANNED = new Newest("request", "state IN ('queued', 'claimed')");
    private static final Newest ENDED = new Newest("request", "ended_early = 1");

    private RequestLists() {}

    static List<RequestView> waiting(Handle handle, Set<RepositoryId> repositories, int most) {
        var wanted = new Newest.Wanted(repositories, "", "", Long.MAX_VALUE);
        return of(handle, UNPLANNED.of(handle, wanted, most));
    }

    /// Those that ended, but for superseded ones.
    ///
    /// @param filter its `before` is the id of a request or of the last run of the page before
    /// @param oldest the last run of this page: none that came before its request; empty for all
    static List<RequestView> ended(Handle handle, Views.Filter filter, String oldest, int most) {
        var before = below(handle, filter.before());
        if (before.isEmpty()) {
            return List.of();
        }
        var wanted =
                new Newest.Wanted(
                        filter.repositories(), filter.kind(), filter.subject(), before.getAsLong());
        long least = oldest.isEmpty() ? 0 : below(handle, oldest).orElse(0);
        var seqs = ENDED.of(handle, wanted, most).stream().filter(seq -> seq >= least).toList();
        return of(handle, seqs);
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

    private static List<RequestView> of(Handle handle, List<Long> seqs) {
        return handle
                .createQuery(
                        "SELECT * FROM request WHERE seq IN (SELECT value FROM json_each(:seqs))")
                .bind("seqs", seqs.toString())
                .map(ViewRows::request)
                .stream()
                .sorted(Comparator.comparingLong(RequestView::seq).reversed())
                .toList();
    }
}
