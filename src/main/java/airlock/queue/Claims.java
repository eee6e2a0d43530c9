package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.store.Database;
import airlock.store.Listener;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Gives out requests and runs, each to one worker at a time.
///
/// **Order**: that of [Turns] (T11). **Ownership**: a claim carries a generation number; every
/// later write names it, and one of an older generation is refused. **Death**: a claim whose
/// heartbeat is too old is offered again, except a run that had begun to publish: that one ends
/// broke, it is never begun again.
public final class Claims {
    /// A claim that was lost this often with its server is given up: it may be what kills it.
    static final int MOST_ATTEMPTS = 5;

    private final Database database;
    private final Ledger ledger;
    private final String owner;

    /// @param owner this server's name, unlike any other's and unlike that of its last life
    public Claims(
            Database database, InstantSource clock, Listener<StateChange> listener, String owner) {
        this.database = database;
        this.ledger = new Ledger(clock, listener);
        this.owner = owner;
    }

    /// Claims the next request of any forge, as [#claimRequest(String)] does.
    public Optional<ClaimedRequest> claimRequest() {
        return claimRequest(Turns.ANY_FORGE);
    }

    /// Claims the next request whose source is to be read, a push before any change request.
    ///
    /// @param forge of its repositories only
    public Optional<ClaimedRequest> claimRequest(String forge) {
        return database.write(
                handle -> {
                    letDueIn(handle, "request");
                    var next = Turns.push(handle, forge, ledger.now());
                    return claimed(
                            handle,
                            next.isPresent() ? next : Turns.change(handle, forge, ledger.now()));
                });
    }

    /// Claims the next push; a worker that takes nothing else is never held up by strangers.
    ///
    /// @param forge of its repositories only
    public Optional<ClaimedRequest> claimPush(String forge) {
        return database.write(
                handle -> {
                    letDueIn(handle, "request");
                    return claimed(handle, Turns.push(handle, forge, ledger.now()));
                });
    }

    /// The forges of which there ever was a request, also those that are not configured any more.
    public Set<String> forges() {
        return database.read(Turns::forges);
    }

    private Optional<ClaimedRequest> claimed(Handle handle, OptionalLong seq) {
        if (seq.isEmpty()) {
            return Optional.empty();
        }
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
                        .bind("seq", seq.getAsLong())
                        .map((rows, _) -> claimedRequest(handle, rows))
                        .one();
        Sweeps.ask(handle, claimed.repository(), ledger.now(), Sweeps.AFTER_CLAIM);
        return Optional.of(claimed);
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

    /// The class of the run or request `of`; empty if none was decided.
    private static Optional<TrustClass> trustOf(Handle handle, String of) {
        return handle.createQuery(
                        """
                        SELECT trust FROM run WHERE id = :id
                        UNION ALL SELECT COALESCE(trust, '') FROM request WHERE id = :id
                        """)
                .bind("id", of)
                .mapTo(String.class)
                .findOne()
                .map(
                        trust ->
                                trust.isEmpty()
                                        ? Optional.<TrustClass>empty()
                                        : Optional.of(TrustClass.of(trust)))
                .orElse(Optional.of(TrustClass.OUTSIDE));
    }

    /// What has waited for its time can be claimed from now on; so claiming never looks at what
    /// still waits.
    private void letDueIn(Handle handle, String table) {
        handle.createUpdate(
                        "UPDATE "
                                + table
                                + " SET not_before = 0 WHERE state = 'queued' AND not_before > 0"
                                + " AND not_before <= :now")
                .bind("now", now())
                .execute();
    }

    /// Claims the next run.
    public Optional<ClaimedRun> claimRun() {
        return database.write(
                handle -> {
                    letDueIn(handle, "run");
                    var seq = Turns.run(handle);
                    return seq.isEmpty()
                            ? Optional.empty()
                            : Optional.of(claimRun(handle, seq.getAsLong()));
                });
    }

    private ClaimedRun claimRun(Handle handle, long seq) {
        var claim =
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
                        .map(
                                (rows, context) ->
                                        new Claim(
                                                claimedRun(handle, rows),
                                                RunRow.MAPPER.map(rows, context)))
                        .one();
        ledger.announceRun(handle, claim.row(), new State.Running());
        return claim.run();
    }

    /// Puts a run from outside back into the queue where others wait, between two of its phases;
    /// when its turn comes again it goes on with the next one. Says false where it goes on now.
    public boolean yields(ClaimedRun run) {
        return switch (run.trust()) {
            case INSIDE, LISTED -> false;
            case OUTSIDE ->
                    database.write(
                            handle ->
                                    Turns.insideWaits(handle)
                                            && fenced(
                                                    handle,
                                                    run,
                                                    "state = 'queued', owner = NULL,"
                                                            + " attempts = attempts - 1"));
        };
    }

    static ClaimedRun claimedRun(Handle handle, ResultSet rows) throws SQLException {
        return new ClaimedRun(
                new RunId(rows.getString("id")),
                new RequestId(rows.getString("request")),
                RepositoryId.parse(rows.getString("repository")),
                Rows.subject(rows),
                new CommitId(rows.getString("commit_id")),
                rows.getString("plan"),
                rows.getString("cell"),
                rows.getString("context"),
                TrustClass.of(rows.getString("trust")),
                rows.getString("plan_file"),
                PlanTexts.of(handle, rows, "plan_text").orElse(ClaimedRun.REMOVED),
                PlanTexts.of(handle, rows, "target_text"),
                OnMoved.of(rows.getString("on_moved")),
                rows.getString("source"),
                rows.getLong("generation"),
                rows.getInt("attempts") - 1);
    }

    /// Puts a run back into the queue before its post_plan because the forge is away: for five
    /// seconds, then twice as long each time, up to ten minutes. Returns false to a late writer and
    /// for a run that has begun to publish.
    public boolean later(ClaimedRun run) {
        return database.write(
                handle ->
                        handle.createUpdate(
                                                """
                                                UPDATE run SET state = 'queued', owner = NULL,
                                                    attempts = attempts - 1, waits = waits + 1,
                                                    not_before = :now + MIN(5000 << MIN(waits, 10), 600000)
                                                WHERE id = :id AND generation = :generation
                                                    AND state = 'claimed' AND publishing = 0
                                                """)
                                        .bind("now", now())
                                        .bind("id", run.id().text())
                                        .bind("generation", run.generation())
                                        .execute()
                                == 1);
    }

    /// Says that this server lives; called every few seconds.
    public void heartbeat() {
        database.write(
                handle -> {
                    for (String table : List.of("request", "run")) {
                        handle.createUpdate(
                                        "UPDATE "
                                                + table
                                                + " SET heartbeat_at = :now WHERE owner = :owner"
                                                + " AND state = 'claimed'")
                                .bind("now", now())
                                .bind("owner", owner)
                                .execute();
                    }
                    return ClockSetBack.mend(handle, ledger.now());
                });
    }

    /// Whether to go on with `run`.
    public Beat beat(ClaimedRun run) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT cancel FROM run
                                        WHERE id = :id AND generation = :generation AND state = 'claimed'
                                        """)
                                .bind("id", run.id().text())
                                .bind("generation", run.generation())
                                .map(
                                        (rows, _) -> {
                                            String cancel = rows.getString("cancel");
                                            return cancel == null
                                                    ? (Beat) new Beat.GoOn()
                                                    : new Beat.End(cancel);
                                        })
                                .findOne()
                                .orElseGet(Beat.Lost::new));
    }

    /// Marks that the post_plan of `run` is about to get its line: from here on it is never begun
    /// again. Says false to a late writer.
    public boolean publishing(ClaimedRun run) {
        return database.write(handle -> fenced(handle, run, "publishing = 1"));
    }

    private static boolean fenced(Handle handle, ClaimedRun run, String assignment) {
        return handle.createUpdate(
                                "UPDATE run SET "
                                        + assignment
                                        + " WHERE id = :id AND generation = :generation AND state ="
                                        + " 'claimed'")
                        .bind("id", run.id().text())
                        .bind("generation", run.generation())
                        .execute()
                == 1;
    }

    /// Ends `run`. Says false to a late writer, whose verdict is dropped.
    public boolean end(ClaimedRun run, Verdict verdict, String reason) {
        return database.write(
                handle -> {
                    if (!fenced(handle, run, "cancel = cancel")) {
                        return false;
                    }
                    ledger.endRun(handle, row(run), verdict, reason);
                    return true;
                });
    }

    private static RunRow row(ClaimedRun run) {
        return new RunRow(
                run.id(),
                run.request(),
                run.repository(),
                run.subject(),
                run.commit(),
                run.context(),
                run.trust());
    }

    /// Offers again what servers that have not beaten for `silence` had claimed. Returns how many.
    public int recover(Duration silence) {
        return recover(ledger.now().minus(silence));
    }

    /// At the start of the only server: offers again all that is not its own, whatever the clock
    /// was when it was claimed. Returns how many.
    public int recoverAll() {
        return recover(Instant.ofEpochMilli(Long.MAX_VALUE));
    }

    private int recover(Instant deadline) {
        return database.write(
                handle -> {
                    int requests = new Recovery(ledger, owner).requests(handle, deadline);
                    return requests + new Recovery(ledger, owner).runs(handle, deadline);
                });
    }

    private long now() {
        return ledger.now().toEpochMilli();
    }

    private record Claim(ClaimedRun run, RunRow row) {}
}
