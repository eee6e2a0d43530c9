package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Contexts;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What becomes of a claimed request when its source has been read, or could not be. Each answer is
/// one transaction; each says false to a late writer.
public final class Planning {
    private final Database database;
    private final Ledger ledger;
    private final OutsideHour hour;
    private final TipTests tipTests;

    /// @param hour how many runs from outside an author has in an hour
    public Planning(
            Database database,
            InstantSource clock,
            Listener<StateChange> listener,
            OutsideHour hour) {
        this.database = database;
        this.hour = hour;
        this.ledger = new Ledger(clock, listener);
        this.tipTests = new TipTests(ledger);
    }

    /// The request becomes its runs. A request that was queued again keeps those that have a
    /// verdict of their own.
    ///
    /// @param commit the commit itself, where the event named a tag object
    public boolean planned(
            ClaimedRequest request, TrustClass trust, CommitId commit, List<NewRun> runs) {
        return database.write(
                handle -> {
                    if (!fenced(
                            handle, request, "state = 'planned', trust = :extra", trust.key())) {
                        return false;
                    }
                    var row = Ledger.request(handle, request.id()).orElseThrow();
                    var made = TipTests.missing(handle, request.id(), runs);
                    if (isSilent(request, trust) && !made.isEmpty()) {
                        ledger.announceRequest(handle, row, new State.Queued());
                    }
                    var added = new ArrayList<RunRow>();
                    for (var run : made) {
                        added.add(add(handle, request, trust, commit, run));
                    }
                    // all are there before the first one ends, and its request with the last
                    for (int i = 0; i < made.size(); i++) {
                        announce(handle, added.get(i), made.get(i));
                    }
                    if (made.isEmpty() && TipTests.hasRuns(handle, request.id())) {
                        ledger.endRequestOf(handle, request.id(), false);
                    } else if (made.isEmpty()) {
                        ledger.endRequest(handle, row, Verdict.PASSED, "no plan asks for a run");
                    }
                    return true;
                });
    }

    /// Whether the forge may not know that it waits: a rerun was announced in the lowest class, and
    /// the run that it repeats may have spoken in this one.
    private static boolean isSilent(ClaimedRequest request, TrustClass trust) {
        return request.rerun().isPresent() && trust.compareTo(Ledger.lowest(request.subject())) > 0;
    }

    /// The request ends without a run.
    public boolean ended(ClaimedRequest request, Verdict verdict, String reason) {
        return database.write(
                handle -> {
                    if (!fenced(handle, request, "attempts = attempts + :extra", 0)) {
                        return false;
                    }
                    var row = Ledger.request(handle, request.id()).orElseThrow();
                    ledger.endRequest(handle, row, verdict, reason);
                    return true;
                });
    }

    /// The request ends broke, since its source could not be read, and is tried again by itself
    /// ([TipTests#retryBroken]).
    ///
    /// @param mark of the address and credentials that were used
    public boolean broke(ClaimedRequest request, String reason, String mark) {
        return database.write(
                handle -> {
                    String count =
                            "retries = CASE WHEN retry_with = :extra THEN retries + 1 ELSE 0 END";
                    if (!fenced(handle, request, count, mark)) {
                        return false;
                    }
                    var row = Ledger.request(handle, request.id()).orElseThrow();
                    ledger.endRequest(handle, row, Verdict.BROKE, reason);
                    handle.createUpdate("UPDATE request SET retry_with = :mark WHERE id = :id")
                            .bind("mark", mark)
                            .bind("id", request.id().text())
                            .execute();
                    return true;
                });
    }

    /// The commit of a ref that was put through `plan` last and has passed; empty where none has.
    ///
    /// @param cell the plan's matrix cell, empty where it has none
    public Optional<CommitId> lastPassed(
            RepositoryId repository, Subject subject, String plan, String cell) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT commit_id FROM run
                                        WHERE repository = :repository AND kind = :kind
                                            AND subject = :subject AND plan = :plan
                                            AND cell = :cell AND verdict = 'passed' AND started_at IS NOT NULL
                                        ORDER BY seq DESC LIMIT 1
                                        """)
                                .bind("repository", repository.toString())
                                .bind("kind", subject.kind())
                                .bind("subject", subject.key())
                                .bind("plan", plan)
                                .bind("cell", cell)
                                .map((rows, _) -> new CommitId(rows.getString(1)))
                                .findOne());
    }

    /// The request goes back to the queue and is not claimed before `delay` has passed.
    ///
    /// @param pause how long no other request of its repository is claimed
    public boolean later(ClaimedRequest request, Duration delay, Duration pause) {
        return database.write(
                handle -> {
                    Turns.pause(handle, request.repository(), ledger.now().plus(pause));
                    return later(handle, request, delay);
                });
    }

    /// The same for a change from outside.
    ///
    /// @param pause how long no other change request of a fork of the repository is claimed
    public boolean laterOutside(ClaimedRequest request, Duration delay, Duration pause) {
        return database.write(
                handle -> {
                    Turns.pauseForks(handle, request.repository(), ledger.now().plus(pause));
                    return later(handle, request, delay);
                });
    }

    /// The same for a forge that is silent.
    ///
    /// @param pause how long no other request of any repository at the forge is claimed
    public boolean laterAtForge(ClaimedRequest request, Duration delay, Duration pause) {
        return database.write(
                handle -> {
                    Turns.pause(handle, request.repository().forge(), ledger.now().plus(pause));
                    return later(handle, request, delay);
                });
    }

    private boolean later(Handle handle, ClaimedRequest request, Duration delay) {
        return fenced(
                handle,
                request,
                "state = 'queued', owner = NULL, attempts = attempts - 1, waits = waits"
                        + " + 1, not_before = :extra",
                ledger.now().plus(delay).toEpochMilli());
    }

    /// The ref is gone: the request ends cancelled, and the same commit counts as new if it comes
    /// back.
    public boolean gone(ClaimedRequest request, String reason) {
        return database.write(
                handle -> {
                    if (!fenced(handle, request, "attempts = attempts + :extra", 0)) {
                        return false;
                    }
                    var row = Ledger.request(handle, request.id()).orElseThrow();
                    ledger.endRequest(handle, row, Verdict.CANCELLED, reason);
                    new Tips()
                            .forget(
                                    handle,
                                    request.repository(),
                                    request.subject(),
                                    request.commit());
                    return true;
                });
    }

    /// The ref points to `tip` by now: the request ends superseded, and the tip gets a request if
    /// it has none, or back the one that was superseded (T5).
    public boolean moved(ClaimedRequest request, CommitId tip) {
        return database.write(
                handle -> {
                    if (!fenced(handle, request, "attempts = attempts + :extra", 0)) {
                        return false;
                    }
                    var row = Ledger.request(handle, request.id()).orElseThrow();
                    ledger.endRequest(
                            handle,
                            row,
                            Verdict.SUPERSEDED,
                            "the ref points to " + tip.abbreviated() + " by now");
                    tipTests.seen(
                            handle,
                            new Intake.Move(
                                    request.repository(),
                                    request.subject(),
                                    request.commit(),
                                    tip,
                                    CommitSummary.NONE));
                    return true;
                });
    }

    /// The ref of a run points to `tip` by now: makes sure that the tip is tested.
    public void sawTip(ClaimedRun run, CommitId tip) {
        database.write(
                handle -> {
                    tipTests.seen(
                            handle,
                            new Intake.Move(
                                    run.repository(),
                                    run.subject(),
                                    run.commit(),
                                    tip,
                                    CommitSummary.NONE));
                    return true;
                });
    }

    private RunRow add(
            Handle handle, ClaimedRequest request, TrustClass trust, CommitId commit, NewRun run) {
        var id = RunId.random();
        String context = Contexts.ofRun(run.plan(), run.cell(), request.subject());
        Instant now = ledger.now();
        var slot = slot(handle, request, trust, now);
        var targetText = run.targetText().map(text -> PlanTexts.keep(handle, text, now));
        Needs.use(handle, run.source(), now);
        handle.createUpdate(
                        """
                        INSERT INTO run (id, request, repository, kind, subject, target, commit_id,
                            plan, cell, context, trust, plan_file, plan_text, plan_text_id, target_text_id,
                            on_moved, source, state, created_at, slot_at, not_before)
                        VALUES (:id, :request, :repository, :kind, :subject, :target, :commit,
                            :plan, :cell, :context, :trust, :file, X'', :text, :targetText,
                            :onMoved, :source, 'queued', :now, :slot, :notBefore)
                        """)
                .bind("id", id.text())
                .bind("request", request.id().text())
                .bind("repository", request.repository().toString())
                .bind("kind", request.subject().kind())
                .bind("subject", request.subject().key())
                .bind("target", request.subject().target())
                .bind("commit", commit.hex())
                .bind("plan", run.plan())
                .bind("cell", run.cell())
                .bind("context", context)
                .bind("trust", trust.key())
                .bind("file", run.planFile())
                .bind("text", PlanTexts.keep(handle, run.planText(), now))
                .bind("targetText", targetText.orElse(null))
                .bind("onMoved", onMoved(request).key())
                .bind("source", run.source())
                .bind("now", now.toEpochMilli())
                .bind("slot", slot.map(Instant::toEpochMilli).orElse(null))
                .bind("notBefore", slot.filter(now::isBefore).map(Instant::toEpochMilli).orElse(0L))
                .execute();
        return new RunRow(
                id, request.id(), request.repository(), request.subject(), commit, context, trust);
    }

    private static OnMoved onMoved(ClaimedRequest request) {
        return request.rerun()
                .map(rerun -> rerun.althoughMoved() ? OnMoved.PUBLISHED : OnMoved.SKIPPED)
                .orElse(OnMoved.SUPERSEDED);
    }

    /// When a run from outside may begin; empty for all others, which may at once.
    private Optional<Instant> slot(
            Handle handle, ClaimedRequest request, TrustClass trust, Instant now) {
        return switch (trust) {
            case INSIDE, LISTED -> Optional.empty();
            // only a person who may write to the repository puts a change into its merge queue
            case OUTSIDE ->
                    request.subject() instanceof Subject.MergeGroup
                            ? Optional.empty()
                            : Optional.of(
                                    hour.slot(handle, request.repository(), request.id(), now));
        };
    }

    private void announce(Handle handle, RunRow row, NewRun run) {
        if (run.end().isPresent()) {
            var end = run.end().get();
            PlanReports.add(handle, row.id(), end.report());
            ledger.endRun(handle, row, end.verdict(), end.reason());
        } else {
            ledger.announceRun(handle, row, new State.Queued());
        }
    }

    private static boolean fenced(
            Handle handle, ClaimedRequest request, String assignment, Object extra) {
        return handle.createUpdate(
                                "UPDATE request SET "
                                        + assignment
                                        + " WHERE id = :id AND generation = :generation AND state ="
                                        + " 'claimed'")
                        .bind("extra", extra)
                        .bind("id", request.id().text())
                        .bind("generation", request.generation())
                        .execute()
                == 1;
    }
}
