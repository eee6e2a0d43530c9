package airlock.results;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.results.PhaseView.PlaceUse;
import airlock.results.RunHead.Revision;
import airlock.results.RunView.Visit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Maps rows to views.
final class ViewRows {
    /// The reason of a phase whose end was not recorded.
    private static final String INTERRUPTED = "the server ended while this phase ran";

    private ViewRows() {}

    static RequestView request(ResultSet rows, String shut, List<RunHead> runs)
            throws SQLException {
        var state = state(rows);
        return new RequestView(
                new RequestId(rows.getString("id")),
                revision(rows),
                state,
                waitsFor(state, rows.getInt("waits") > 0, shut),
                instant(rows, "created_at"),
                runs);
    }

    /// @param again whether it was queued again because the forge could not be reached
    private static String waitsFor(State state, boolean again, String shut) {
        return switch (state) {
            case State.Queued _ when !shut.isEmpty() -> shut;
            case State.Queued _ ->
                    again ? "the forge could not be reached; trying again" : "waits for its turn";
            case State.Running _ -> "its source is being read";
            case State.Ended _ -> "";
        };
    }

    static RunHead run(ResultSet rows, StatementContext context) throws SQLException {
        var state = state(rows);
        return new RunHead(
                new RunId(rows.getString("id")),
                new RequestId(rows.getString("request")),
                revision(rows),
                TrustClass.of(rows.getString("trust")),
                rows.getString("plan"),
                rows.getString("cell"),
                state,
                times(state, instant(rows, "created_at"), rows));
    }

    /// A step or place, and the start of a phase that it belongs to.
    record Of<T>(Phase phase, long generation, T view) {
        private static <T> Of<T> of(ResultSet rows, T view) throws SQLException {
            return new Of<>(Phase.of(rows.getString("phase")), rows.getLong("generation"), view);
        }

        private boolean is(Phase wanted, long start) {
            return phase == wanted && generation == start;
        }
    }

    static PhaseView phase(ResultSet rows, List<Of<StepView>> steps, List<Of<PlaceUse>> places)
            throws SQLException {
        var phase = Phase.of(rows.getString("phase"));
        long generation = rows.getLong("generation");
        var state = phaseState(rows);
        return new PhaseView(
                phase,
                rows.getInt("attempt"),
                rows.getString("isolation"),
                state,
                times(state, instant(rows, "started_at"), rows),
                PhaseTimes.parse(rows.getString("vm_times")),
                steps.stream()
                        .filter(step -> step.is(phase, generation))
                        .map(Of::view)
                        .map(
                                step ->
                                        state instanceof State.Ended(var verdict, _)
                                                ? step.cutOff(verdict)
                                                : step)
                        .toList(),
                places.stream()
                        .filter(place -> place.is(phase, generation))
                        .map(Of::view)
                        .toList());
    }

    private static State phaseState(ResultSet rows) throws SQLException {
        String verdict = rows.getString("verdict");
        if (verdict != null) {
            return new State.Ended(Verdict.of(verdict), rows.getString("reason"));
        }
        return rows.getBoolean("goes_on")
                ? new State.Running()
                : new State.Ended(Verdict.BROKE, INTERRUPTED);
    }

    static Of<StepView> step(ResultSet rows, StatementContext context) throws SQLException {
        String outcome = rows.getString("outcome");
        long started = rows.getLong("started_us");
        int code = rows.getInt("exit_code");
        // earlier versions stored -1
        var exit = rows.wasNull() || code < 0 ? Optional.<Integer>empty() : Optional.of(code);
        boolean ended = outcome != null && !outcome.isEmpty();
        var mark =
                ended
                        ? exit.equals(Optional.of(0)) ? Mark.PASSED : Mark.FAILED
                        : started >= 0 ? Mark.RUNNING : Mark.QUEUED;
        Optional<StepView.End> end =
                ended
                        ? Optional.of(
                                new StepView.End(
                                        outcome,
                                        exit,
                                        micros(rows.getLong("ended_us") - started),
                                        micros(rows.getLong("user_us") + rows.getLong("system_us")),
                                        rows.getLong("peak_kib") * 1024))
                        : Optional.empty();
        return Of.of(
                rows,
                new StepView(
                        rows.getInt("step"),
                        rows.getString("title"),
                        mark,
                        micros(Math.max(0, started)),
                        end));
    }

    static Of<PlaceUse> place(ResultSet rows, StatementContext context) throws SQLException {
        return Of.of(
                rows,
                new PlaceUse(
                        rows.getString("place"),
                        rows.getLong("connections"),
                        rows.getLong("sent"),
                        rows.getLong("received"),
                        rows.getLong("refused"),
                        rows.getString("reason")));
    }

    static Visit visit(ResultSet rows, StatementContext context) throws SQLException {
        return new Visit(
                Phase.of(rows.getString("phase")),
                rows.getBoolean("kept"),
                rows.getString("who"),
                instant(rows, "began_at"),
                time(rows, "ended_at"),
                rows.getString("ending"));
    }

    private static Revision revision(ResultSet rows) throws SQLException {
        return new Revision(
                RepositoryId.parse(rows.getString("repository")),
                subject(rows),
                new CommitId(rows.getString("commit_id")),
                new CommitSummary(rows.getString("title"), rows.getString("author")));
    }

    static Subject subject(ResultSet rows) throws SQLException {
        return Subject.of(
                rows.getString("kind"), rows.getString("subject"), rows.getString("target"));
    }

    private static State state(ResultSet rows) throws SQLException {
        return switch (rows.getString("state")) {
            case "queued" -> new State.Queued();
            case "ended" ->
                    new State.Ended(
                            Verdict.of(rows.getString("verdict")), rows.getString("reason"));
            default -> new State.Running();
        };
    }

    private static Times times(State state, Instant since, ResultSet rows) throws SQLException {
        var start = time(rows, "started_at");
        return switch (state) {
            case State.Queued _ -> new Times(since, Optional.empty(), Optional.empty());
            case State.Running _ -> new Times(since, start, Optional.empty());
            // the end of an interrupted phase is unknown
            case State.Ended _ -> new Times(since, start, time(rows, "ended_at").or(() -> start));
        };
    }

    static Optional<Instant> time(ResultSet rows, String column) throws SQLException {
        return Optional.of(instant(rows, column)).filter(time -> !time.equals(Instant.EPOCH));
    }

    private static Instant instant(ResultSet rows, String column) throws SQLException {
        return Instant.ofEpochMilli(rows.getLong(column));
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
