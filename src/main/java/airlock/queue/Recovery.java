package airlock.queue;

import airlock.event.Verdict;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// Takes claims from owners that are dead.
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
        var given =
                bound(
                                handle.createQuery(
                                        "SELECT * FROM request WHERE "
                                                + DEAD
                                                + " AND attempts >= :most"),
                                deadline)
                        .bind("most", Claims.MOST_ATTEMPTS)
                        .map(RequestRow.MAPPER)
                        .list();
        given.forEach(row -> ledger.endRequest(handle, row, Verdict.BROKE, LOST_OFTEN));
        return handle.createUpdate(
                        "UPDATE request SET state = 'queued', owner = NULL WHERE " + DEAD)
                .bind("owner", owner)
                .bind("deadline", deadline.toEpochMilli())
                .execute();
    }

    int runs(Handle handle, Instant deadline) {
        for (var publication : publications(handle, deadline)) {
            ledger.endRun(handle, publication.run(), publication.verdict(), publication.reason());
        }
        bound(
                        handle.createQuery(
                                "SELECT * FROM run WHERE " + DEAD + " AND attempts >= :most"),
                        deadline)
                .bind("most", Claims.MOST_ATTEMPTS)
                .map(RunRow.MAPPER)
                .list()
                .forEach(row -> ledger.endRun(handle, row, Verdict.BROKE, LOST_OFTEN));
        return handle.createUpdate("UPDATE run SET state = 'queued', owner = NULL WHERE " + DEAD)
                .bind("owner", owner)
                .bind("deadline", deadline.toEpochMilli())
                .execute();
    }

    /// Runs whose post_plan was let begin, which is never begun again. One that ended before the
    /// server died has decided the run, for it is the last phase.
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

    private Query bound(Query query, Instant deadline) {
        return query.bind("owner", owner).bind("deadline", deadline.toEpochMilli());
    }
}
