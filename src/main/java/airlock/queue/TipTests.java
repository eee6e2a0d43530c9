package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Makes sure that the tip of a ref or change request is tested, whatever order its webhooks came
/// in (T5). The rule: the newest request for a recorded tip never stays superseded.
final class TipTests {
    private final Ledger ledger;
    private final Tips tips = new Tips();

    TipTests(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Records that git shows the subject at `move.after()`; that commit gets a request if it has
    /// none, or back the one that was superseded.
    void seen(Handle handle, Intake.Move move) {
        tips.record(handle, move, Tips.Origin.EVENT);
        var newest = tips.newest(handle, move.repository(), move.subject(), move.after());
        if (newest.isEmpty()) {
            var request = ledger.addRequest(handle, Ledger.NewRequest.of(move, "tip"));
            tips.rememberSeen(handle, move, request);
        } else if (hasEndedSuperseded(handle, newest.get())) {
            queueAgain(handle, newest.get());
        }
    }

    /// Queues a request again of which runs were superseded although its commit is the recorded
    /// tip. Returns false if there is nothing to repeat.
    boolean repeat(Handle handle, RequestRow request) {
        boolean isTip =
                tips.find(handle, request.repository(), request.subject())
                        .map(Tips.Tip::commit)
                        .flatMap(tip -> newest(handle, request, tip))
                        .filter(request.id()::equals)
                        .isPresent();
        if (!isTip || !hasSupersededRuns(handle, request.id())) {
            return false;
        }
        queueAgain(handle, request.id());
        return true;
    }

    private Optional<RequestId> newest(Handle handle, RequestRow request, CommitId tip) {
        return tips.newest(handle, request.repository(), request.subject(), tip);
    }

    private static boolean hasEndedSuperseded(Handle handle, RequestId id) {
        return handle.createQuery(
                        """
                        SELECT state = 'ended' AND (verdict = 'superseded' OR EXISTS (
                            SELECT 1 FROM run WHERE request = :id AND replaced = 0
                                AND verdict = 'superseded'))
                        FROM request WHERE id = :id
                        """)
                .bind("id", id.text())
                .mapTo(Boolean.class)
                .one();
    }

    private static boolean hasSupersededRuns(Handle handle, RequestId id) {
        return handle.createQuery(
                        """
                        SELECT EXISTS (SELECT 1 FROM run WHERE request = :id AND replaced = 0
                            AND verdict = 'superseded')
                        """)
                .bind("id", id.text())
                .mapTo(Boolean.class)
                .one();
    }

    /// Those of `runs` that a request does not have yet: all, unless it was queued again.
    static List<NewRun> missing(Handle handle, RequestId id, List<NewRun> runs) {
        var there =
                handle.createQuery(
                                "SELECT plan, cell FROM run WHERE request = :id AND replaced = 0")
                        .bind("id", id.text())
                        .map((rows, _) -> List.of(rows.getString(1), rows.getString(2)))
                        .list();
        return runs.stream()
                .filter(run -> !there.contains(List.of(run.plan(), run.cell())))
                .toList();
    }

    static boolean hasRuns(Handle handle, RequestId id) {
        return handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM run WHERE request = :id AND replaced = 0)")
                .bind("id", id.text())
                .mapTo(Boolean.class)
                .one();
    }

    /// Runs that have a verdict of their own stay; those that were superseded are made again.
    private void queueAgain(Handle handle, RequestId id) {
        handle.createUpdate(
                        "UPDATE run SET replaced = 1 WHERE request = :id AND verdict ="
                                + " 'superseded'")
                .bind("id", id.text())
                .execute();
        handle.createUpdate(
                        """
                        UPDATE request SET state = 'queued', verdict = NULL, reason = '',
                            ended_at = NULL, owner = NULL, attempts = 0, waits = 0, not_before = 0
                        WHERE id = :id
                        """)
                .bind("id", id.text())
                .execute();
        ledger.announceRequest(
                handle, Ledger.request(handle, id).orElseThrow(), new State.Queued());
    }
}
