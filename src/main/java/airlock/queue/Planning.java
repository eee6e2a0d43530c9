package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.ClaimedRun.OnMoved;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// Stores the result of a claimed request whose source was read, or could not be. Each method is
/// one transaction and returns false if the claim has been lost.
public final class Planning {
    private final Database database;
    private final Ledger ledger;
    private final OutsideRateLimit hour;
    private final TipTests tipTests;

    /// @param hour the limit of requests from outside
    public Planning(
            Database database,
            InstantSource clock,
            Listener<StateChange> listener,
            OutsideRateLimit hour) {
        this.database = database;
        this.hour = hour;
        this.ledger = new Ledger(clock, listener);
        this.tipTests = new TipTests(ledger);
    }

    /// Turns the request into runs. A requeued request keeps runs with a verdict of their own.
    ///
    /// @param commit the commit itself, even if the event named a tag object
    public boolean planned(
            ClaimedRequest request, TrustClass trust, CommitId commit, List<NewRun> runs) {
        return database.write(
                handle -> {
                    String planned = "state = 'planned', trust = :trust";
                    if (!fenced(handle, request, planned, Map.of("trust", trust.key()))) {
                        return false;
                    }
                    var row = Ledger.request(handle, request.id()).orElseThrow();
                    var made = TipTests.missing(handle, request.id(), runs);
                    if (isSilent(request, trust) && !made.isEmpty()) {
                        ledger.announceRequest(handle, row, new State.Queued());
                    }
                    var added =
                            made.stream()
                                    .map(run -> add(handle, request, trust, commit, run))
                                    .toList();
                    // all exist before the first one ends, since its request ends with the last
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

    /// Whether the forge may not show that it waits: a rerun is announced in the lowest class, and
    /// the repeated run may have set a status in a higher one.
    private static boolean isSilent(ClaimedRequest request, TrustClass trust) {
        return request.rerun().isPresent() && trust.compareTo(Ledger.lowest(request.subject())) > 0;
    }

    public boolean ended(ClaimedRequest request, Verdict verdict, String reason) {
        return ends(request, verdict, reason, _ -> {});
    }

    private boolean ends(
            ClaimedRequest request, Verdict verdict, String reason, Consumer<Handle> then) {
        return database.write(
                handle -> {
                    if (!fenced(handle, request, "attempts = attempts", Map.of())) {
                        return false;
                    }
                    end(handle, request, verdict, reason);
                    then.accept(handle);
                    return true;
                });
    }

    private void end(Handle handle, ClaimedRequest request, Verdict verdict, String reason) {
        var row = Ledger.request(handle, request.id()).orElseThrow();
        ledger.endRequest(handle, row, verdict, reason);
    }

    /// Ends the request as broke, because its source could not be read, and schedules a retry
    /// ([TipTests#retryBroken]).
    ///
    /// @param mark of the address and credentials that were used
    public boolean broke(ClaimedRequest request, String reason, String mark) {
        return database.write(
                handle -> {
                    String count =
                            "retries = CASE WHEN retry_with = :mark THEN retries + 1 ELSE 0 END";
                    if (!fenced(handle, request, count, Map.of("mark", mark))) {
                        return false;
                    }
                    end(handle, request, Verdict.BROKE, reason);
                    handle.execute(
                            "UPDATE request SET retry_with = ? WHERE id = ?",
                            mark,
                            request.id().text());
                    return true;
                });
    }

    /// The last commit of a ref that passed `plan`.
    ///
    /// @param cell the plan's matrix cell, may be empty
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
                                .bindMap(Rows.key(repository, subject))
                                .bind("plan", plan)
                                .bind("cell", cell)
                                .map((rows, _) -> new CommitId(rows.getString(1)))
                                .findOne());
    }

    /// What pauses because a request could not be fetched.
    public enum Paused {
        /// All requests of its repository, because its fetches fail.
        REPOSITORY,
        /// The waiting change requests of forks of its repository. Forks can pause nothing else
        /// (T11).
        FORKS,
        /// All requests of its forge, because it does not answer.
        FORGE
    }

    /// Requeues the request with a delay.
    ///
    /// @param pause how long nothing of `paused` is claimed
    public boolean later(ClaimedRequest request, Duration delay, Paused paused, Duration pause) {
        return database.write(
                handle -> {
                    Instant now = ledger.now();
                    ClaimOrder.pause(handle, paused, request.repository(), now.plus(pause));
                    return fenced(
                            handle,
                            request,
                            "state = 'queued', owner = NULL, attempts = attempts - 1, waits = waits"
                                    + " + 1, not_before = :until",
                            Map.of("until", now.plus(delay).toEpochMilli()));
                });
    }

    /// Cancels the request because the ref is gone; if the commit comes back, it counts as new.
    public boolean gone(ClaimedRequest request, String reason) {
        return ends(
                request,
                Verdict.CANCELLED,
                reason,
                handle ->
                        new RefTips()
                                .forget(
                                        handle,
                                        request.repository(),
                                        request.subject(),
                                        request.commit()));
    }

    /// Ends the request as superseded because its ref points to `tip`, and makes sure that the tip
    /// has a request that is not superseded (T5).
    public boolean moved(ClaimedRequest request, CommitId tip) {
        return ends(
                request,
                Verdict.SUPERSEDED,
                "the ref points to " + tip.abbreviated() + " by now",
                handle ->
                        tipTests.seen(
                                handle,
                                request.repository(),
                                request.subject(),
                                request.commit(),
                                tip));
    }

    /// Makes sure that `tip`, to which the ref of a run points, is tested.
    public void sawTip(ClaimedRun run, CommitId tip) {
        database.write(
                handle -> {
                    tipTests.seen(handle, run.repository(), run.subject(), run.commit(), tip);
                    return true;
                });
    }

    private RunRow add(
            Handle handle, ClaimedRequest request, TrustClass trust, CommitId commit, NewRun run) {
        var id = RunId.random();
        var plan = run.plan();
        String context = request.subject().context(plan.name(), plan.cell());
        Instant now = ledger.now();
        var slot = slot(handle, request, trust, now);
        var targetText = plan.targetText().map(text -> PlanTexts.keep(handle, text, now));
        InUse.use(handle, run.source(), now);
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
                .bindMap(Rows.keyWithTarget(request.repository(), request.subject()))
                .bind("commit", commit.hex())
                .bind("plan", plan.name())
                .bind("cell", plan.cell())
                .bind("context", context)
                .bind("trust", trust.key())
                .bind("file", plan.file())
                .bind("text", PlanTexts.keep(handle, plan.text(), now))
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

    /// When a run from outside may begin; empty for all others.
    private Optional<Instant> slot(
            Handle handle, ClaimedRequest request, TrustClass trust, Instant now) {
        return switch (trust) {
            case INSIDE, LISTED -> Optional.empty();
            // only people with write access put changes into a merge queue
            case OUTSIDE ->
                    request.subject() instanceof Subject.MergeGroup
                            ? Optional.empty()
                            : Optional.of(
                                    hour.slot(handle, request.repository(), request.id(), now));
        };
    }

    private void announce(Handle handle, RunRow row, NewRun run) {
        if (run.end().isEmpty()) {
            ledger.announceRun(handle, row, new State.Queued());
            return;
        }
        var end = run.end().get();
        if (!end.report().isEmpty()) {
            handle.execute(
                    "INSERT OR REPLACE INTO plan_report (of, report) VALUES (?, ?)",
                    row.id().text(),
                    end.report());
        }
        ledger.endRun(handle, row, end.verdict(), end.reason());
    }

    private static boolean fenced(
            Handle handle, ClaimedRequest request, String assignment, Map<String, ?> values) {
        return handle.createUpdate(
                                "UPDATE request SET "
                                        + assignment
                                        + " WHERE id = :id AND generation = :generation AND state ="
                                        + " 'claimed'")
                        .bindMap(values)
                        .bind("id", request.id().text())
                        .bind("generation", request.generation())
                        .execute()
                == 1;
    }

    /// A run to create for a request whose source has been read.
    ///
    /// @param plan if its code is from outside, the target text has only the steps of the commit's
    ///     file (T3)
    /// @param source the path of the source tar
    /// @param end if present, the run ends at once and only serves its context
    public record NewRun(ClaimedRun.Plan plan, String source, Optional<End> end) {
        /// An end without a machine: the plan file is invalid, or its plan does not apply to the
        /// event.
        ///
        /// @param reason one line
        /// @param report all problems of the file; may be empty
        public record End(Verdict verdict, String reason, String report) {}

        /// A run with the commit's own plan.
        public static NewRun own(
                String plan, String cell, String planFile, byte[] planText, String source) {
            var own = new ClaimedRun.Plan(plan, cell, planFile, planText, Optional.empty());
            return new NewRun(own, source, Optional.empty());
        }

        public NewRun withSource(String other) {
            return new NewRun(plan, other, end);
        }
    }
}
