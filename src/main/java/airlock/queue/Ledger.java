package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.store.Listener;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/// Shared writes to requests and runs. Each reports the new state to the listener in the same
/// transaction.
final class Ledger {
    private static final int MOST_NAMED = 8;

    private final InstantSource clock;
    private final Listener<StateChange> listener;

    Ledger(InstantSource clock, Listener<StateChange> listener) {
        this.clock = clock;
        this.listener = listener;
    }

    Instant now() {
        return clock.instant();
    }

    RequestId addRequest(Handle handle, NewRequest request) {
        return addRequest(handle, request, lowest(request.subject()));
    }

    /// Queues a new request.
    ///
    /// @param announced the class for the first status: the one of the repeated request must not
    ///     overwrite it (T4)
    RequestId addRequest(Handle handle, NewRequest request, TrustClass announced) {
        var id = RequestId.random();
        ClaimOrder.join(handle, request.repository().toString());
        handle.createUpdate(
                        """
                        INSERT INTO request (id, repository, kind, subject, target, before_commit,
                            commit_id, title, author, cause, rerun_of, although_moved, state, created_at)
                        VALUES (:id, :repository, :kind, :subject, :target, :before,
                            :commit, :title, :author, :cause, :rerunOf, :althoughMoved, 'queued', :now)
                        """)
                .bind("id", id.text())
                .bindMap(Rows.keyWithTarget(request.repository(), request.subject()))
                .bind("before", request.before().hex())
                .bind("commit", request.commit().hex())
                .bind("title", request.summary().title())
                .bind("author", request.summary().author())
                .bind("cause", request.cause())
                .bind("rerunOf", request.rerunOf().isEmpty() ? null : request.rerunOf())
                .bind("althoughMoved", request.althoughMoved())
                .bind("now", now().toEpochMilli())
                .execute();
        announceRequest(handle, request.row(id, announced), new State.Queued());
        return id;
    }

    /// Ends a request unless it has ended already.
    void endRequest(Handle handle, RequestRow request, Verdict verdict, String reason) {
        int ended =
                handle.createUpdate(
                                """
                                UPDATE request SET state = 'ended', verdict = :verdict,
                                    reason = :reason, ended_at = :now, owner = NULL,
                                    retry_with = NULL,
                                    ended_early = :verdict <> 'superseded' AND NOT EXISTS (
                                        SELECT 1 FROM run WHERE request = :id AND replaced = 0)
                                WHERE id = :id AND state <> 'ended'
                                """)
                        .bind("verdict", verdict.key())
                        .bind("reason", reason)
                        .bind("now", now().toEpochMilli())
                        .bind("id", request.id().text())
                        .execute();
        if (ended == 1) {
            announceRequest(handle, request, new State.Ended(verdict, reason));
        }
    }

    /// Ends a run, and with the last one its request. If runs were superseded although the commit
    /// is the tip, the request is requeued instead.
    void endRun(Handle handle, RunRow run, Verdict verdict, String reason) {
        if (endsRun(handle, run, verdict, reason)) {
            endRequestOf(handle, run.request(), true);
        }
    }

    /// Ends a run because of a newer request, and with the last one its request.
    void endReplaced(Handle handle, RunRow run, Verdict verdict, String reason) {
        if (endsRun(handle, run, verdict, reason)) {
            endRequestOf(handle, run.request(), false);
        }
    }

    private boolean endsRun(Handle handle, RunRow run, Verdict verdict, String reason) {
        int ended =
                handle.createUpdate(
                                """
                                UPDATE run SET state = 'ended', verdict = :verdict,
                                    reason = :reason, ended_at = :now, owner = NULL
                                WHERE id = :id AND state <> 'ended'
                                """)
                        .bind("verdict", verdict.key())
                        .bind("reason", reason)
                        .bind("now", now().toEpochMilli())
                        .bind("id", run.id().text())
                        .execute();
        if (ended == 1) {
            announceRun(handle, run, new State.Ended(verdict, reason));
        }
        return ended == 1;
    }

    /// A run of a request, for the summary.
    ///
    /// @param verdict empty if it has not ended
    private record Sibling(String called, Optional<Verdict> verdict, String reason) {}

    /// Ends a request if all its runs have ended.
    ///
    /// @param mayRepeat whether to requeue it if its commit is the tip and was superseded
    void endRequestOf(Handle handle, RequestId id, boolean mayRepeat) {
        var all =
                handle.createQuery(
                                """
                                SELECT plan, cell, state, verdict, reason FROM run
                                WHERE request = :request AND replaced = 0 ORDER BY seq
                                """)
                        .bind("request", id.text())
                        .map((rows, _) -> sibling(rows))
                        .list();
        if (all.stream().allMatch(sibling -> sibling.verdict().isPresent())) {
            var verdict =
                    all.stream()
                            .map(sibling -> sibling.verdict().orElseThrow())
                            .reduce(Verdict.PASSED, Verdict::worse);
            var row = request(handle, id).orElseThrow();
            if (!mayRepeat || !new TipTests(this).repeat(handle, row)) {
                endRequest(handle, row, verdict, summary(all, verdict));
            }
        }
    }

    private static Sibling sibling(ResultSet rows) throws SQLException {
        String cell = rows.getString("cell");
        return new Sibling(
                rows.getString("plan") + (cell.isEmpty() ? "" : " (" + cell + ")"),
                rows.getString("state").equals("ended")
                        ? Optional.of(Verdict.of(rows.getString("verdict")))
                        : Optional.empty(),
                rows.getString("reason"));
    }

    /// Names the runs with the worst verdict, and the reason of a single one.
    private static String summary(List<Sibling> all, Verdict worst) {
        var same = all.stream().filter(s -> s.verdict().filter(worst::equals).isPresent()).toList();
        String runs = all.size() == 1 ? " run" : " runs";
        String count = same.size() + " of " + all.size() + runs;
        if (worst == Verdict.PASSED) {
            return count + " " + worst.word();
        }
        String more = same.size() > MOST_NAMED ? ", …" : "";
        String names =
                same.stream()
                        .limit(MOST_NAMED)
                        .map(Sibling::called)
                        .collect(Collectors.joining(", ", "", more));
        String reason = same.getFirst().reason();
        return worst.word()
                + ": "
                + names
                + (all.size() == 1 ? "" : " (" + count + ")")
                + (same.size() > 1 || reason.isEmpty() ? "" : ": " + reason);
    }

    void announceRequest(Handle handle, RequestRow request, State state) {
        listener.changed(
                handle,
                new StateChange(
                        request.repository(),
                        request.subject(),
                        request.commit(),
                        request.id(),
                        request.subject().context(),
                        request.trust(),
                        state));
    }

    void announceRun(Handle handle, RunRow run, State state) {
        listener.changed(
                handle,
                new StateChange(
                        run.repository(),
                        run.subject(),
                        run.commit(),
                        run.request(),
                        run.context(),
                        run.trust(),
                        state));
    }

    static Optional<RequestRow> request(Handle handle, RequestId id) {
        return handle.createQuery("SELECT * FROM request WHERE id = :id")
                .bind("id", id.text())
                .map(RequestRow.MAPPER)
                .findOne();
    }

    /// A request to queue.
    ///
    /// @param cause `webhook`, `sweep`, `tip` (the tip had no event), `rerun by NAME`
    /// @param rerunOf the run or request to repeat, may be empty
    /// @param althoughMoved whether it may publish although its ref has moved on
    record NewRequest(
            RepositoryId repository,
            Subject subject,
            CommitId before,
            CommitId commit,
            CommitSummary summary,
            String cause,
            String rerunOf,
            boolean althoughMoved) {
        static NewRequest of(Intake.Move move, String cause) {
            return new NewRequest(
                    move.repository(),
                    move.subject(),
                    move.before(),
                    move.after(),
                    move.summary(),
                    cause,
                    "",
                    false);
        }

        RequestRow row(RequestId id, TrustClass announced) {
            return new RequestRow(id, repository, subject, commit, announced);
        }
    }

    /// The class for statuses before the claim decides it (T1).
    static TrustClass lowest(Subject subject) {
        return switch (subject) {
            case Subject.Branch _, Subject.Tag _ -> TrustClass.INSIDE;
            case Subject.Change _, Subject.MergeGroup _ -> TrustClass.OUTSIDE;
        };
    }

    record RequestRow(
            RequestId id,
            RepositoryId repository,
            Subject subject,
            CommitId commit,
            TrustClass trust) {
        static final RowMapper<RequestRow> MAPPER =
                (rows, _) -> {
                    var subject = Rows.subject(rows);
                    var trust = rows.getString("trust");
                    return new RequestRow(
                            new RequestId(rows.getString("id")),
                            RepositoryId.parse(rows.getString("repository")),
                            subject,
                            new CommitId(rows.getString("commit_id")),
                            trust == null ? Ledger.lowest(subject) : TrustClass.of(trust));
                };
    }
}
