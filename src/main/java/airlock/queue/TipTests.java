package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.queue.Ledger.RequestRow;
import airlock.queue.Planning.NewRun;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Makes sure that the tip of a ref or change request is tested in whatever order webhooks arrive
/// (T5). The rule: the newest request for a recorded tip never stays superseded.
final class TipTests {
    /// Retries of a broken request with the same address and credentials, over three days.
    private static final int MOST_RETRIES = 8;

    private final Ledger ledger;
    private final RefTips tips = new RefTips();

    TipTests(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Records that git shows the subject, which was at `from`, at `to`. If that commit has no
    /// request, or only a superseded one, it gets one.
    void seen(Handle handle, RepositoryId repository, Subject subject, CommitId from, CommitId to) {
        var move = new Intake.Move(repository, subject, from, to, CommitSummary.NONE);
        tips.record(handle, move, RefTips.Origin.EVENT);
        var newest = tips.newest(handle, move.repository(), move.subject(), move.after());
        if (newest.isEmpty()) {
            var request = ledger.addRequest(handle, Ledger.NewRequest.of(move, "tip"));
            tips.rememberSeen(handle, move, request);
        } else if (hasEndedSuperseded(handle, newest.get())) {
            queueAgain(handle, newest.get());
        }
    }

    /// Requeues a request whose runs were superseded although its commit is the recorded tip.
    /// Returns false if there is nothing to repeat.
    boolean repeat(Handle handle, RequestRow request) {
        if (!isTip(handle, request) || !hasSupersededRuns(handle, request.id())) {
            return false;
        }
        queueAgain(handle, request.id());
        return true;
    }

    /// Whether it is the newest request for the recorded tip.
    private boolean isTip(Handle handle, RequestRow request) {
        return tips.find(handle, request.repository(), request.subject())
                .map(RefTips.Tip::commit)
                .flatMap(tip -> tips.newest(handle, request.repository(), request.subject(), tip))
                .filter(request.id()::equals)
                .isPresent();
    }

    /// Requeues broken requests of `repository`, whose sources can be read now: those that broke
    /// with another address or other credentials, and those whose wait is over: a minute, then four
    /// times as long each time, up to a day, [#MOST_RETRIES] times. Requests that are not the
    /// newest for a recorded tip are never retried. Returns how many it requeued.
    int retryBroken(Handle handle, RepositoryId repository, String mark) {
        var due =
                handle.createQuery(
                                """
                                SELECT * FROM request
                                WHERE repository = :repository AND ended_early = 1
                                    AND retry_with IS NOT NULL
                                    AND (retry_with <> :mark OR retries < :most
                                        AND ended_at + MIN(60000 << MIN(2 * retries, 12), 86400000) <= :now)
                                ORDER BY seq LIMIT 100
                                """)
                        .bind("repository", repository.toString())
                        .bind("mark", mark)
                        .bind("most", MOST_RETRIES)
                        .bind("now", ledger.now().toEpochMilli())
                        .map(RequestRow.MAPPER)
                        .list();
        int queued = 0;
        for (var request : due) {
            if (isTip(handle, request)) {
                queueAgain(handle, request.id());
                queued++;
            } else {
                handle.execute(
                        "UPDATE request SET retry_with = NULL WHERE id = ?", request.id().text());
            }
        }
        return queued;
    }

    private static boolean hasEndedSuperseded(Handle handle, RequestId id) {
        return is(
                handle,
                id,
                """
                SELECT state = 'ended' AND (verdict = 'superseded' OR EXISTS (
                    SELECT 1 FROM run WHERE request = :id AND replaced = 0
                        AND verdict = 'superseded'))
                FROM request WHERE id = :id
                """);
    }

    private static boolean hasSupersededRuns(Handle handle, RequestId id) {
        return is(
                handle,
                id,
                """
                SELECT EXISTS (SELECT 1 FROM run WHERE request = :id AND replaced = 0
                    AND verdict = 'superseded')
                """);
    }

    static boolean hasRuns(Handle handle, RequestId id) {
        return is(
                handle,
                id,
                "SELECT EXISTS (SELECT 1 FROM run WHERE request = :id AND replaced = 0)");
    }

    private static boolean is(Handle handle, RequestId id, String sql) {
        return handle.createQuery(sql).bind("id", id.text()).mapTo(Boolean.class).one();
    }

    /// Those of `runs` that the request does not have: all, unless it was requeued.
    static List<NewRun> missing(Handle handle, RequestId id, List<NewRun> runs) {
        var there =
                handle.createQuery(
                                "SELECT plan, cell FROM run WHERE request = :id AND replaced = 0")
                        .bind("id", id.text())
                        .map((rows, _) -> List.of(rows.getString(1), rows.getString(2)))
                        .list();
        return runs.stream()
                .filter(run -> !there.contains(List.of(run.plan().name(), run.plan().cell())))
                .toList();
    }

    /// Keeps runs with a verdict of their own; superseded ones will be created again.
    private void queueAgain(Handle handle, RequestId id) {
        handle.execute(
                "UPDATE run SET replaced = 1 WHERE request = ? AND verdict = 'superseded'",
                id.text());
        handle.execute(
                """
                UPDATE request SET state = 'queued', verdict = NULL, reason = '',
                    ended_at = NULL, owner = NULL, attempts = 0, waits = 0, not_before = 0,
                    ended_early = 0
                WHERE id = ?
                """,
                id.text());
        ledger.announceRequest(
                handle, Ledger.request(handle, id).orElseThrow(), new State.Queued());
    }
}
