package airlock.queue;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Ends older work on the same ref or change request. Waiting work ends at once; running work is
/// asked to end if the policy says so, and always if its code is from outside.
final class Supersession {
    private final Ledger ledger;

    Supersession(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Ends open work on the subject of `move`, just before its own request is created.
    void byMove(Handle handle, Intake.Move move, boolean cancelsRunning) {
        String reason = "superseded by " + move.after().abbreviated();
        for (var row : open(handle, move.repository(), move.subject())) {
            endWaiting(handle, row, Verdict.SUPERSEDED, reason);
        }
        askRunningToEnd(handle, move.repository(), move.subject(), cancelsRunning, reason);
    }

    /// Ends waiting work because the ref or change request is gone; returns the number of requests.
    int byEnd(Handle handle, RepositoryId repository, Subject subject, String reason) {
        var open = open(handle, repository, subject);
        for (var row : open) {
            endWaiting(handle, row, Verdict.CANCELLED, reason);
        }
        askRunningToEnd(handle, repository, subject, false, reason);
        return open.size();
    }

    /// A request that has not ended.
    ///
    /// @param planned whether it has runs
    private record Open(RequestRow row, boolean planned) {}

    private static List<Open> open(Handle handle, RepositoryId repository, Subject subject) {
        return handle.createQuery(
                        """
                        SELECT *, state = 'planned' AS planned FROM request
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                            AND state <> 'ended'
                        ORDER BY seq
                        """)
                .bindMap(Rows.key(repository, subject))
                .map(
                        (rows, context) ->
                                new Open(
                                        RequestRow.MAPPER.map(rows, context),
                                        rows.getBoolean("planned")))
                .list();
    }

    private void endWaiting(Handle handle, Open open, Verdict verdict, String reason) {
        if (!open.planned()) {
            ledger.endRequest(handle, open.row(), verdict, reason);
            return;
        }
        handle.createQuery(
                        "SELECT * FROM run WHERE request = :id AND state = 'queued' ORDER BY seq")
                .bind("id", open.row().id().text())
                .map(RunRow.MAPPER)
                .list()
                .forEach(run -> ledger.endReplaced(handle, run, verdict, reason));
    }

    private static void askRunningToEnd(
            Handle handle, RepositoryId repository, Subject subject, boolean all, String reason) {
        handle.createUpdate(
                        """
                        UPDATE run SET cancel = :reason
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                            AND state = 'claimed' AND cancel IS NULL AND (:all OR trust = :outside)
                        """)
                .bind("reason", reason)
                .bindMap(Rows.key(repository, subject))
                .bind("all", all)
                .bind("outside", TrustClass.OUTSIDE.key())
                .execute();
    }
}
