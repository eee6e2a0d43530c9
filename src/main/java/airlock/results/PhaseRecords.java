package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.Verdict;
import airlock.results.PhaseView.PlaceUse;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/// Writes the rows of phases with their steps and connections as their VM reports them. Methods
/// return false if the claim has been lost: each statement names the claim's generation.
public final class PhaseRecords {
    private static final String OF_PHASE =
            " run = :run AND generation = :generation AND phase = :phase ";

    private static final String IF_CLAIMED =
            " EXISTS (SELECT 1 FROM run WHERE id = :run AND generation = :generation AND state ="
                    + " 'claimed') ";

    private final Database database;
    private final InstantSource clock;
    private final Listener<PhaseEnd> listener;

    public PhaseRecords(Database database, InstantSource clock) {
        this(database, clock, Listener.hearing(_ -> {}));
    }

    public PhaseRecords(Database database, InstantSource clock, Listener<PhaseEnd> listener) {
        this.database = database;
        this.clock = clock;
        this.listener = listener;
    }

    /// A phase ended.
    ///
    /// @param took since its VM was about to be started
    public record PhaseEnd(PhaseKey phase, Verdict verdict, Duration took) {}

    /// A VM is about to be started. Replaces the rows of an earlier VM under the same claim.
    ///
    /// @param isolation between VM and host, for people
    /// @param titles of the plan's steps, in order; recorded as not started
    public boolean begun(PhaseKey phase, String isolation, List<String> titles) {
        return database.write(handle -> begun(handle, phase, isolation, titles));
    }

    private boolean begun(Handle handle, PhaseKey phase, String isolation, List<String> titles) {
        String insert =
                """
                INSERT INTO phase (run, generation, phase, isolation, started_at)
                SELECT :run, :generation, :phase, :isolation, :now WHERE %s
                ON CONFLICT (run, generation, phase) DO UPDATE SET isolation = excluded.isolation,
                    started_at = excluded.started_at, got_line = 0, verdict = NULL, ended_at = NULL
                """
                        .formatted(IF_CLAIMED);
        if (!update(handle, insert, phase, Map.of("isolation", isolation, "now", clock.millis()))) {
            return false;
        }
        update(handle, "DELETE FROM step WHERE" + OF_PHASE, phase, Map.of());
        for (int step = 0; step < titles.size(); step++) {
            update(
                    handle,
                    """
                    INSERT INTO step (run, generation, phase, step, title, started_us, log_offset)
                    VALUES (:run, :generation, :phase, :step, :title, -1, 0)
                    """,
                    phase,
                    Map.of("step", step, "title", titles.get(step)));
        }
        return true;
    }

    /// Whether `phase` has passed in this run, under any claim: its outputs are kept, so it need
    /// not run again.
    public boolean hasPassed(RunId run, Phase phase) {
        return !database.select(
                        (rows, _) -> rows.getInt(1),
                        """
                        SELECT 1 FROM phase WHERE run = ? AND phase = ? AND verdict = 'passed' LIMIT 1
                        """,
                        run.text(),
                        phase.key())
                .isEmpty();
    }

    /// The VM's gate got its line: the commit's code runs from here on.
    public boolean gotLine(PhaseKey phase) {
        return update(
                "UPDATE phase SET got_line = 1 WHERE" + OF_PHASE + "AND" + IF_CLAIMED,
                phase,
                Map.of());
    }

    public boolean took(PhaseKey phase, PhaseTimes times) {
        return update(
                "UPDATE phase SET vm_times = :times WHERE" + OF_PHASE + "AND" + IF_CLAIMED,
                phase,
                Map.of("times", times.text()));
    }

    /// A step begins.
    ///
    /// @param logOffset where its output begins in the run's log
    public boolean stepBegun(
            PhaseKey phase, int step, String title, long microseconds, long logOffset) {
        return update(
                """
                INSERT INTO step (run, generation, phase, step, title, started_us, log_offset)
                SELECT :run, :generation, :phase, :step, :title, :started, :offset WHERE %s
                ON CONFLICT DO UPDATE SET title = excluded.title,
                    started_us = excluded.started_us, log_offset = excluded.log_offset
                WHERE started_us < 0
                """
                        .formatted(IF_CLAIMED),
                phase,
                Map.of("step", step, "title", title, "started", microseconds, "offset", logOffset));
    }

    public boolean stepEnded(PhaseKey phase, int step, StepOutcome outcome) {
        return update(
                """
                UPDATE step SET outcome = :outcome, exit_code = :code, ended_us = :ended,
                    user_us = :user, system_us = :system, peak_kib = :peak
                WHERE step = :step AND
                """
                        + OF_PHASE,
                phase,
                Map.of(
                        "step", step,
                        "outcome", outcome.word(),
                        "code", outcome.exitCode(),
                        "ended", outcome.microseconds(),
                        "user", outcome.userMicroseconds(),
                        "system", outcome.systemMicroseconds(),
                        "peak", outcome.peakKilobytes()));
    }

    /// Replaces the places that the phase's VM connected to, since a second try under the same
    /// claim has a new VM.
    public void connected(PhaseKey phase, List<PlaceUse> places) {
        String clear = "DELETE FROM network_place WHERE" + OF_PHASE + "AND" + IF_CLAIMED;
        String insert =
                """
                INSERT INTO network_place SELECT :run, :generation, :phase, :index, :place,
                    :connections, :sent, :received, :refused, :reason WHERE
                """
                        + IF_CLAIMED;
        database.write(
                handle -> {
                    update(handle, clear, phase, Map.of());
                    for (int i = 0; i < places.size(); i++) {
                        var place = places.get(i);
                        update(
                                handle,
                                insert,
                                phase,
                                Map.of(
                                        "index", i,
                                        "place", place.place(),
                                        "connections", place.connections(),
                                        "sent", place.sent(),
                                        "received", place.received(),
                                        "refused", place.refused(),
                                        "reason", place.reason()));
                    }
                    return places.size();
                });
    }

    public boolean ended(PhaseKey phase, PhaseResult result) {
        String update =
                "UPDATE phase SET verdict = :verdict, reason = :reason, ended_at = :now WHERE"
                        + OF_PHASE
                        + "AND"
                        + IF_CLAIMED
                        + "RETURNING started_at";
        return database.write(
                handle -> {
                    long now = clock.millis();
                    Optional<Long> started =
                            bound(handle.createQuery(update), phase)
                                    .bind("verdict", result.verdict().key())
                                    .bind("reason", result.reason())
                                    .bind("now", now)
                                    .mapTo(Long.class)
                                    .findOne();
                    started.map(since -> Duration.ofMillis(now - since))
                            .map(took -> new PhaseEnd(phase, result.verdict(), took))
                            .ifPresent(end -> listener.changed(handle, end));
                    return started.isPresent();
                });
    }

    private boolean update(String sql, PhaseKey phase, Map<String, ?> values) {
        return database.write(handle -> update(handle, sql, phase, values));
    }

    private static boolean update(
            Handle handle, String sql, PhaseKey phase, Map<String, ?> values) {
        return bound(handle.createUpdate(sql), phase).bindMap(values).execute() > 0;
    }

    private static <S extends SqlStatement<S>> S bound(S statement, PhaseKey phase) {
        return statement
                .bind("run", phase.run().text())
                .bind("generation", phase.generation())
                .bind("phase", phase.phase().key());
    }

    /// How a step ended, as it is stored.
    ///
    /// @param word for people: `exited with 2`, `killed by signal 9`, `out of memory`
    /// @param exitCode of the program; 0 for success
    /// @param microseconds since the VM's gate got its line, by the guest's clock
    public record StepOutcome(
            String word,
            Optional<Integer> exitCode,
            long microseconds,
            long userMicroseconds,
            long systemMicroseconds,
            long peakKilobytes) {}
}
