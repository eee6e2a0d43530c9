package airlock.queue;

import airlock.event.Verdict;
import java.time.Instant;
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
        bound(
                        handle.createQuery(
                                "SELECT * FROM run WHERE " + DEAD + " AND publishing = 1"),
                        deadline)
                .map(RunRow.MAPPER)
                .list()
                .forEach(
                        row ->
                                ledger.endRun(
                                        handle, row, Verdict.BROKE, "publishing was interrupted"));
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

    private Query bound(Query query, Instant deadline) {
        return query.bind("owner", owner).bind("deadline", deadline.toEpochMilli());
    }
}
