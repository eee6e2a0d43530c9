package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.Verdict;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/// The rows of phases and steps, written as the VM reports them. A writer whose claim is over is
/// refused: each statement names the generation.
public final class PhaseRecords {
    private static final String MINE =
            " EXISTS (SELECT 1 FROM run WHERE id = :run AND generation = :generation AND state ="
                    + " 'claimed')";

    private final Database database;
    private final InstantSource clock;
    private final Listener<PhaseEnd> listener;

    public PhaseRecords(Database database, InstantSource clock) {
        this(database, clock, Listener.hearing(_ -> {}));
    }

    /// @param listener hears of phases that end
    public PhaseRecords(Database database, InstantSource clock, Listener<PhaseEnd> listener) {
        this.database = database;
        this.clock = clock;
        this.listener = listener;
    }

    /// A phase ended.
    ///
    /// @param took since its VM was about to be started
    public record PhaseEnd(PhaseKey phase, Verdict verdict, Duration took) {}

    /// A VM is about to be started. Returns false if the claim has been lost.
    ///
    /// @param isolation what stands between the VM and the host, for people
    /// @param titles of the steps that its plan wants, in order; kept as not started yet. Those of
    ///     an earlier VM under the same claim go
    public boolean begun(PhaseKey phase, String isolation, List<String> titles) {
        return database.write(handle -> begun(handle, phase, isolation, titles));
    }

    private boolean begun(Handle handle, PhaseKey phase, String isolation, List<String> titles) {
        boolean mine =
                bound(
                                        handle.createUpdate(
                                                """
                                                INSERT INTO phase (run, generation, phase, isolation, started_at)
                                                SELECT :run, :generation, :phase, :a, :now WHERE
                                                """
                                                        + MINE
                                                        + """
                                                         ON CONFLICT (run, generation, phase) DO UPDATE SET isolation = excluded.isolation,
                                                            started_at = excluded.started_at, got_line = 0, verdict = NULL, ended_at = NULL
                                                        """),
                                        phase)
                                .bind("a", isolation)
                                .bind("now", clock.millis())
                                .execute()
                        == 1;
        if (mine) {
            expect(handle, phase, titles);
        }
        return mine;
    }

    /// Makes a row for each step that is to come, in place of those of an earlier VM.
    private static void expect(Handle handle, PhaseKey phase, List<String> titles) {
        bound(
                        handle.createUpdate(
                                """
                                DELETE FROM step
                                WHERE run = :run AND generation = :generation AND phase = :phase
                                """),
                        phase)
                .execute();
        for (int step = 0; step < titles.size(); step++) {
            bound(
                            handle.createUpdate(
                                    """
                                    INSERT INTO step (run, generation, phase, step, title, started_us, log_offset)
                                    VALUES (:run, :generation, :phase, :step, :title, -1, 0)
                                    """),
                            phase)
                    .bind("step", step)
                    .bind("title", titles.get(step))
                    .execute();
        }
    }

    /// Whether `phase` has passed in this run, under whatever claim: its outputs are kept, it need
    /// not run again.
    public boolean hasPassed(RunId run, Phase phase) {
        return database.read(
                handle ->
                        handle.createQuery(
                                                """
                                                SELECT COUNT(*) FROM phase
                                                WHERE run = :run AND phase = :phase AND verdict = 'passed'
                                                """)
                                        .bind("run", run.text())
                                        .bind("phase", phase.key())
                                        .mapTo(Integer.class)
                                        .one()
                                > 0);
    }

    /// The VM got its line: the commit's code runs from here on.
    public boolean gotLine(PhaseKey phase) {
        return write(
                phase,
                "UPDATE phase SET got_line = 1 WHERE run = :run AND generation = :generation AND"
                        + " phase = :phase AND"
                        + MINE,
                "");
    }

    /// The VM has ended, and this is where its time went.
    public boolean took(PhaseKey phase, PhaseTimes times) {
        return write(
                phase,
                "UPDATE phase SET vm_times = :a WHERE run = :run AND generation = :generation AND"
                        + " phase = :phase AND"
                        + MINE,
                times.text());
    }

    /// A step begins.
    ///
    /// @param logOffset where its output begins in the run's log
    public boolean stepBegun(
            PhaseKey phase, int step, String title, long microseconds, long logOffset) {
        return database.write(
                handle ->
                        bound(
                                                handle.createUpdate(
                                                        """
                                                        INSERT INTO step (run, generation, phase, step, title,
                                                            started_us, log_offset)
                                                        SELECT :run, :generation, :phase, :step, :title, :started, :offset
                                                        WHERE
                                                        """
                                                                + MINE
                                                                + """
                                                                 ON CONFLICT DO UPDATE SET title = excluded.title,
                                                                    started_us = excluded.started_us,
                                                                    log_offset = excluded.log_offset
                                                                 WHERE started_us < 0
                                                                """),
                                                phase)
                                        .bind("step", step)
                                        .bind("title", title)
                                        .bind("started", microseconds)
                                        .bind("offset", logOffset)
                                        .execute()
                                == 1);
    }

    /// A step has ended.
    public boolean stepEnded(PhaseKey phase, int step, StepOutcome outcome) {
        return database.write(
                handle ->
                        bound(
                                                handle.createUpdate(
                                                        """
                                                        UPDATE step SET outcome = :outcome, exit_code = :code,
                                                            ended_us = :ended, user_us = :user,
                                                            system_us = :system, peak_kib = :peak
                                                        WHERE run = :run AND generation = :generation
                                                            AND phase = :phase AND step = :step
                                                        """),
                                                phase)
                                        .bind("step", step)
                                        .bind("outcome", outcome.word())
                                        .bind("code", outcome.exitCode())
                                        .bind("ended", outcome.microseconds())
                                        .bind("user", outcome.userMicroseconds())
                                        .bind("system", outcome.systemMicroseconds())
                                        .bind("peak", outcome.peakKilobytes())
                                        .execute()
                                == 1);
    }

    /// The VM is gone.
    public boolean ended(PhaseKey phase, PhaseResult result) {
        return database.write(
                handle -> {
                    Optional<Long> started =
                            bound(
                                            handle.createQuery(
                                                    """
                                                    UPDATE phase SET verdict = :verdict, reason = :reason, ended_at = :now
                                                    WHERE run = :run AND generation = :generation
                                                        AND phase = :phase AND
                                                    """
                                                            + MINE
                                                            + " RETURNING started_at"),
                                            phase)
                                    .bind("verdict", result.verdict().key())
                                    .bind("reason", result.reason())
                                    .bind("now", clock.millis())
                                    .mapTo(Long.class)
                                    .findOne();
                    started.ifPresent(
                            since ->
                                    listener.changed(
                                            handle,
                                            new PhaseEnd(
                                                    phase,
                                                    result.verdict(),
                                                    Duration.ofMillis(clock.millis() - since))));
                    return started.isPresent();
                });
    }

    private boolean write(PhaseKey phase, String sql, String a) {
        return database.write(
                handle -> bound(handle.createUpdate(sql), phase).bind("a", a).execute() > 0);
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
    /// @param exitCode the program's exit code; 0 for success, -1 where there was none
    /// @param microseconds since the VM's gate got its line, by the guest's clock
    public record StepOutcome(
            String word,
            int exitCode,
            long microseconds,
            long userMicroseconds,
            long systemMicroseconds,
            long peakKilobytes) {}
}
