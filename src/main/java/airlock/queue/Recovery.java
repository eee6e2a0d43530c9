package airlock.queue;

import airlock.event.Verdict;
import airlock.queue.Ledger.RequestRow;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/// Requeues the claims of dead servers.
final class Recovery {
    private static final String DEAD =
            "state = 'claimed' AND owner <> :owner AND heartbeat_at <= :deadline";
    private static final String LOST_OFTEN =
            "the server died " + Claims.MOST_ATTEMPTS + " times during it";

    private final Ledger ledger;
    private final String owner;

    Recovery(Ledger ledger, String owner) {
        this.ledger = ledger;
        this.owner = owner;
    }

    int requests(Handle handle, Instant deadline) {
        lostOften(handle, "request", deadline)
                .map(RequestRow.MAPPER)
                .list()
                .forEach(row -> ledger.endRequest(handle, row, Verdict.BROKE, LOST_OFTEN));
        return requeue(handle, "request", deadline);
    }

    int runs(Handle handle, Instant deadline) {
        for (var publication : publications(handle, deadline)) {
            ledger.endRun(handle, publication.run(), publication.verdict(), publication.reason());
        }
        lostOften(handle, "run", deadline)
                .map(RunRow.MAPPER)
                .list()
                .forEach(row -> ledger.endRun(handle, row, Verdict.BROKE, LOST_OFTEN));
        return requeue(handle, "run", deadline);
    }

    private Query lostOften(Handle handle, String table, Instant deadline) {
        String sql = "SELECT * FROM " + table + " WHERE " + DEAD + " AND attempts >= :most";
        return bound(handle.createQuery(sql), deadline).bind("most", Claims.MOST_ATTEMPTS);
    }

    private int requeue(Handle handle, String table, Instant deadline) {
        String sql = "UPDATE " + table + " SET state = 'queued', owner = NULL WHERE " + DEAD;
        return bound(handle.createUpdate(sql), deadline).execute();
    }

    /// Runs that had begun their post_plan, which is never restarted. If it ended before the server
    /// died, its verdict is that of the run, since it is the last phase.
    private List<Publication> publications(Handle handle, Instant deadline) {
        return bound(
                        handle.createQuery(
                                """
                                SELECT run.*, COALESCE(p.verdict, 'broke') AS post_verdict,
                                    CASE WHEN p.verdict IS NULL THEN 'publishing was interrupted'
                                        ELSE p.reason END AS post_reason
                                FROM run LEFT JOIN phase p ON p.run = run.id
                                    AND p.generation = run.generation AND p.phase = 'post_plan'
                                WHERE publishing = 1 AND
                                """
                                        + DEAD),
                        deadline)
                .map(
                        (rows, context) ->
                                new Publication(
                                        RunRow.MAPPER.map(rows, context),
                                        Verdict.of(rows.getString("post_verdict")),
                                        rows.getString("post_reason")))
                .list();
    }

    private record Publication(RunRow run, Verdict verdict, String reason) {}

    private <S extends SqlStatement<S>> S bound(S statement, Instant deadline) {
        return statement.bind("owner", owner).bind("deadline", deadline.toEpochMilli());
    }
}
