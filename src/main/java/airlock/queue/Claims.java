package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.ClaimedRequest.ChangeHeads;
import airlock.queue.ClaimedRun.OnMoved;
import airlock.store.Database;
import airlock.store.Listener;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// Gives requests and runs to workers, each to one at a time.
///
/// **Order**: that of [ClaimOrder] (T11). **Ownership**: a claim has a generation number; every
/// later write names it, and writes of an older generation are rejected. **Death**: claims whose
/// heartbeat is too old are requeued, except runs that have begun to publish: those end as broke.
public final class Claims {
    /// After so many server deaths during a claim it is given up: it may have caused them.
    static final int MOST_ATTEMPTS = 5;

    private final Database database;
    private final Ledger ledger;
    private final String owner;

    /// @param owner the name of this server process, different from all others and earlier ones
    public Claims(
            Database database, InstantSource clock, Listener<StateChange> listener, String owner) {
        this.database = database;
        this.ledger = new Ledger(clock, listener);
        this.owner = owner;
    }

    public Optional<ClaimedRequest> claimRequest() {
        return claimRequest(ClaimOrder.ANY_FORGE);
    }

    /// Claims the next request, pushes before change requests.
    ///
    /// @param forge only of its repositories
    public Optional<ClaimedRequest> claimRequest(String forge) {
        return claim(forge, true);
    }

    /// Claims the next push; a worker that takes only pushes is never delayed by strangers.
    ///
    /// @param forge only of its repositories
    public Optional<ClaimedRequest> claimPush(String forge) {
        return claim(forge, false);
    }

    private Optional<ClaimedRequest> claim(String forge, boolean changesToo) {
        return database.write(
                handle -> {
                    letDueIn(handle, "request");
                    var next = ClaimOrder.request(handle, forge, changesToo, ledger.now());
                    return next.isPresent()
                            ? Optional.of(claimed(handle, next.getAsLong()))
                            : Optional.empty();
                });
    }

    /// All forges that ever had a request, including ones that are not configured any more.
    public Set<String> forges() {
        return database.read(ClaimOrder::forges);
    }

    private ClaimedRequest claimed(Handle handle, long seq) {
        var claimed =
                handle.createQuery(
                                """
                                UPDATE request SET state = 'claimed', owner = :owner,
                                    heartbeat_at = :now, generation = generation + 1,
                                    attempts = attempts + 1
                                WHERE seq = :seq RETURNING *
                                """)
                        .bind("owner", owner)
                        .bind("now", now())
                        .bind("seq", seq)
                        .map((rows, _) -> claimedRequest(handle, rows))
                        .one();
        Sweeps.ask(handle, claimed.repository(), ledger.now(), Sweeps.AFTER_CLAIM);
        return claimed;
    }

    private static ClaimedRequest claimedRequest(Handle handle, ResultSet rows)
            throws SQLException {
        var repository = RepositoryId.parse(rows.getString("repository"));
        var subject = Rows.subject(rows);
        boolean althoughMoved = rows.getBoolean("although_moved");
        return new ClaimedRequest(
                new RequestId(rows.getString("id")),
                repository,
                subject,
                new CommitId(rows.getString("commit_id")),
                ChangeHeads.of(handle, repository, subject),
                rows.getLong("generation"),
                rows.getInt("waits"),
                Optional.ofNullable(rows.getString("rerun_of"))
                        .map(of -> new ClaimedRequest.Rerun(trustOf(handle, of), althoughMoved)));
    }

    /// The class of the run or request `of`, empty if undecided.
    private static Optional<TrustClass> trustOf(Handle handle, String of) {
        return handle.createQuery(
                        """
                        SELECT trust FROM run WHERE id = :id
                        UNION ALL SELECT COALESCE(trust, '') FROM request WHERE id = :id
                        """)
                .bind("id", of)
                .mapTo(String.class)
                .findOne()
                .or(() -> Optional.of(TrustClass.OUTSIDE.key()))
                .filter(trust -> !trust.isEmpty())
                .map(TrustClass::of);
    }

    /// Marks rows whose time has come, so that claiming skips all those that still wait.
    private void letDueIn(Handle handle, String table) {
        handle.execute(
                "UPDATE %s SET not_before = 0 WHERE state = 'queued' AND not_before > 0 AND not_before <= ?"
                        .formatted(table),
                now());
    }

    public Optional<ClaimedRun> claimRun() {
        return database.write(
                handle -> {
                    letDueIn(handle, "run");
                    var seq = ClaimOrder.run(handle);
                    return seq.isEmpty()
                            ? Optional.empty()
                            : Optional.of(claimRun(handle, seq.getAsLong()));
                });
    }

    private ClaimedRun claimRun(Handle handle, long seq) {
        var run =
                handle.createQuery(
                                """
                                UPDATE run SET state = 'claimed', owner = :owner,
                                    heartbeat_at = :now, generation = generation + 1,
                                    attempts = attempts + 1,
                                    started_at = COALESCE(started_at, :now)
                                WHERE seq = :seq RETURNING *
                                """)
                        .bind("owner", owner)
                        .bind("now", now())
                        .bind("seq", seq)
                        .map((rows, context) -> claimedRun(handle, rows, context))
                        .one();
        ledger.announceRun(handle, run.row(), new State.Running());
        return run;
    }

    /// A run that has ended, as it was when it was last claimed.
    public static Optional<ClaimedRun> ended(Database database, RunId run) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT * FROM run WHERE id = :id AND state = 'ended'")
                                .bind("id", run.text())
                                .map((rows, context) -> claimedRun(handle, rows, context))
                                .findOne());
    }

    /// Requeues a run from outside between two phases if others wait; it will continue with the
    /// next phase. Returns false if it may continue now.
    public boolean yields(ClaimedRun run) {
        return switch (run.trust()) {
            case INSIDE, LISTED -> false;
            case OUTSIDE ->
                    database.write(
                            handle ->
                                    ClaimOrder.insideWaits(handle)
                                            && fenced(
                                                    handle,
                                                    run,
                                                    "state = 'queued', owner = NULL,"
                                                            + " attempts = attempts - 1"));
        };
    }

    private static ClaimedRun claimedRun(Handle handle, ResultSet rows, StatementContext context)
            throws SQLException {
        return new ClaimedRun(
                RunRow.MAPPER.map(rows, context),
                new ClaimedRun.Plan(
                        rows.getString("plan"),
                        rows.getString("cell"),
                        rows.getString("plan_file"),
                        PlanTexts.of(handle, rows, "plan_text").orElse(ClaimedRun.REMOVED),
                        PlanTexts.of(handle, rows, "target_text")),
                OnMoved.of(rows.getString("on_moved")),
                rows.getString("source"),
                rows.getLong("generation"),
                rows.getInt("attempts") - 1);
    }

    /// Requeues a run before its post_plan because the forge does not answer: for five seconds,
    /// then twice as long each time, up to ten minutes. Returns false if the claim has been lost or
    /// the run has begun to publish.
    public boolean later(ClaimedRun run) {
        return database.write(
                handle ->
                        handle.execute(
                                        """
                                        UPDATE run SET state = 'queued', owner = NULL,
                                            attempts = attempts - 1, waits = waits + 1,
                                            not_before = ? + MIN(5000 << MIN(waits, 10), 600000)
                                        WHERE id = ? AND generation = ?
                                            AND state = 'claimed' AND publishing = 0
                                        """,
                                        now(),
                                        run.id().text(),
                                        run.generation())
                                == 1);
    }

    /// Records that this server is alive; called every few seconds.
    public void heartbeat() {
        database.write(
                handle -> {
                    for (String table : List.of("request", "run")) {
                        handle.execute(
                                "UPDATE %s SET heartbeat_at = ? WHERE owner = ? AND state = 'claimed'"
                                        .formatted(table),
                                now(),
                                owner);
                    }
                    return ClockCorrection.mend(handle, ledger.now());
                });
    }

    /// Whether a worker should continue with its run.
    public sealed interface Beat {
        /// Continue.
        record GoOn() implements Beat {}

        /// End the run: it was cancelled or superseded.
        record End(String reason) implements Beat {}

        /// The claim has been lost or the run has ended; its writes will be rejected.
        record Lost() implements Beat {}
    }

    /// Asks whether to continue with `run`.
    public Beat beat(ClaimedRun run) {
        return database
                .<Beat>select(
                        (rows, _) -> {
                            String cancel = rows.getString(1);
                            return cancel == null ? new Beat.GoOn() : new Beat.End(cancel);
                        },
                        "SELECT cancel FROM run WHERE id = ? AND generation = ? AND state = 'claimed'",
                        run.id().text(),
                        run.generation())
                .stream()
                .findFirst()
                .orElseGet(Beat.Lost::new);
    }

    /// Records that the post_plan of `run` is about to start, after which it is never restarted.
    /// Returns false if the claim has been lost.
    public boolean publishing(ClaimedRun run) {
        return database.write(handle -> fenced(handle, run, "publishing = 1"));
    }

    private static boolean fenced(Handle handle, ClaimedRun run, String assignment) {
        return handle.execute(
                        "UPDATE run SET %s WHERE id = ? AND generation = ? AND state = 'claimed'"
                                .formatted(assignment),
                        run.id().text(),
                        run.generation())
                == 1;
    }

    /// Ends `run`. Returns false if the claim has been lost; the verdict is then dropped.
    public boolean end(ClaimedRun run, Verdict verdict, String reason) {
        return database.write(
                handle -> {
                    if (!fenced(handle, run, "cancel = cancel")) {
                        return false;
                    }
                    ledger.endRun(handle, run.row(), verdict, reason);
                    return true;
                });
    }

    /// Requeues claims of servers whose heartbeat is older than `silence`. Returns how many.
    public int recover(Duration silence) {
        return recover(ledger.now().minus(silence));
    }

    /// Requeues all claims of other servers, whatever their heartbeat; for the start of the only
    /// server. Returns how many.
    public int recoverAll() {
        return recover(Instant.ofEpochMilli(Long.MAX_VALUE));
    }

    private int recover(Instant deadline) {
        return database.write(
                handle -> {
                    var recovery = new Recovery(ledger, owner);
                    return recovery.requests(handle, deadline) + recovery.runs(handle, deadline);
                });
    }

    private long now() {
        return ledger.now().toEpochMilli();
    }
}
