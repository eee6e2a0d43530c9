package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.Verdict;
import airlock.store.Database;
import airlock.store.Listener;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/// Requests of people to cancel and to rerun (T7). Their names are recorded.
public final class OperatorRequests {
    private final Database database;
    private final Ledger ledger;

    public OperatorRequests(
            Database database, InstantSource clock, Listener<StateChange> listener) {
        this.database = database;
        this.ledger = new Ledger(clock, listener);
    }

    public enum Cancelled {
        /// It had not begun and has ended now.
        ENDED,
        /// It is running; its worker will end it at its next beat.
        ASKED,
        /// It had ended before.
        TOO_LATE,
        UNKNOWN
    }

    /// Cancels a run.
    ///
    /// @param who the person, for the reason
    public Cancelled cancel(RunId run, String who) {
        String reason = "cancelled by " + who;
        return database.write(
                handle -> {
                    int asked =
                            handle.execute(
                                    "UPDATE run SET cancel = ? WHERE id = ? AND state = 'claimed'",
                                    reason,
                                    run.text());
                    if (asked == 1) {
                        return Cancelled.ASKED;
                    }
                    var row =
                            handle.createQuery("SELECT * FROM run WHERE id = :id")
                                    .bind("id", run.text())
                                    .map(
                                            (rows, context) ->
                                                    new Found(
                                                            RunRow.MAPPER.map(rows, context),
                                                            rows.getString("state")))
                                    .findOne();
                    if (row.isEmpty()) {
                        return Cancelled.UNKNOWN;
                    }
                    if (row.get().state().equals("ended")) {
                        return Cancelled.TOO_LATE;
                    }
                    ledger.endRun(handle, row.get().run(), Verdict.CANCELLED, reason);
                    return Cancelled.ENDED;
                });
    }

    /// Queues a copy of a request, with the current configuration; empty if the run or request does
    /// not exist.
    ///
    /// @param of the id of the request or of one of its runs
    /// @param althoughMoved whether it may publish although its ref has moved on
    /// @param who the person, for the record
    public Optional<RequestId> rerun(String of, boolean althoughMoved, String who) {
        return database.write(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM request
                                        WHERE id = COALESCE((SELECT request FROM run WHERE id = :id), :id)
                                        """)
                                .bind("id", of)
                                .map((rows, _) -> again(rows, of, althoughMoved, who))
                                .findOne()
                                // in the lowest class: the claim may find a lower one than before,
                                // and a "pending" in the higher class would stay for ever (T4)
                                .map(
                                        again ->
                                                ledger.addRequest(
                                                        handle,
                                                        again,
                                                        Ledger.lowest(again.subject()))));
    }

    private static Ledger.NewRequest again(
            ResultSet rows, String of, boolean althoughMoved, String who) throws SQLException {
        // a request without a class has that of the one it repeats
        String first = rows.getString("trust") == null ? rows.getString("rerun_of") : null;
        return new Ledger.NewRequest(
                RepositoryId.parse(rows.getString("repository")),
                Rows.subject(rows),
                new CommitId(rows.getString("before_commit")),
                new CommitId(rows.getString("commit_id")),
                new CommitSummary(rows.getString("title"), rows.getString("author")),
                "rerun by " + who + (althoughMoved ? ", to publish although its ref moved on" : ""),
                first == null ? of : first,
                althoughMoved);
    }

    private record Found(RunRow run, String state) {}
}
