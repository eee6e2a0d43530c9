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
import airlock.results.View.PhaseView;
import airlock.results.View.RequestView;
import airlock.results.View.RunView;
import airlock.results.View.StepView;
import airlock.results.View.Times;
import airlock.results.View.VmTimeView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.statement.StatementContext;

/// From rows to views.
final class ViewRows {
    /// A phase whose server ended before it wrote down how the phase ended.
    private static final String INTERRUPTED = "the server ended while this phase ran";

    private ViewRows() {}

    static RequestView request(ResultSet rows, StatementContext context) throws SQLException {
        return new RequestView(
                rows.getLong("seq"),
                new RequestId(rows.getString("id")),
                RepositoryId.parse(rows.getString("repository")),
                subject(rows),
                new CommitId(rows.getString("commit_id")),
                new CommitSummary(rows.getString("title"), rows.getString("author")),
                rows.getString("cause"),
                state(rows),
                rows.getInt("waits"),
                time(rows, "created_at"));
    }

    static RunView run(ResultSet rows, StatementContext context) throws SQLException {
        return new RunView(
                rows.getLong("seq"),
                new RunId(rows.getString("id")),
                new RequestId(rows.getString("request")),
                RepositoryId.parse(rows.getString("repository")),
                subject(rows),
                new CommitId(rows.getString("commit_id")),
                new CommitSummary(rows.getString("title"), rows.getString("author")),
                rows.getString("plan"),
                rows.getString("cell"),
                rows.getString("plan_file"),
                TrustClass.of(rows.getString("trust")),
                state(rows),
                time(rows, "created_at"),
                new Times(time(rows, "started_at"), time(rows, "ended_at")),
                time(rows, "log_removed_at"));
    }

    static PhaseView phase(ResultSet rows, List<StepView> steps, List<PlaceRow> places)
            throws SQLException {
        var phase = Phase.of(rows.getString("phase"));
        long generation = rows.getLong("generation");
        String verdict = rows.getString("verdict");
        return new PhaseView(
                phase,
                generation,
                rows.getString("isolation"),
                verdict == null
                        ? rows.getBoolean("goes_on")
                                ? new State.Running()
                                : new State.Ended(Verdict.BROKE, INTERRUPTED)
                        : new State.Ended(Verdict.of(verdict), rows.getString("reason")),
                new Times(time(rows, "started_at"), time(rows, "ended_at")),
                PhaseTimes.parse(rows.getString("vm_times")),
                steps.stream()
                        .filter(step -> step.phase() == phase && step.generation() == generation)
                        .toList(),
                places.stream()
                        .filter(place -> place.phase() == phase && place.generation() == generation)
                        .map(PlaceRow::use)
                        .toList());
    }

    static VmTimeView vmTime(ResultSet rows, StatementContext context) throws SQLException {
        return new VmTimeView(
                new RunId(rows.getString("run")),
                Phase.of(rows.getString("phase")),
                PhaseTimes.parse(rows.getString("vm_times")));
    }

    static StepView step(ResultSet rows, StatementContext context) throws SQLException {
        return new StepView(
                Phase.of(rows.getString("phase")),
                rows.getLong("generation"),
                rows.getInt("step"),
                rows.getString("title"),
                Objects.requireNonNullElse(rows.getString("outcome"), ""),
                rows.getInt("exit_code"),
                rows.getLong("started_us"),
                rows.getLong("ended_us"),
                rows.getLong("user_us") + rows.getLong("system_us"),
                rows.getLong("peak_kib"),
                rows.getLong("log_offset"));
    }

    /// A place with the start of a phase whose VM it belongs to.
    record PlaceRow(Phase phase, long generation, PlaceUse use) {}

    static PlaceRow place(ResultSet rows, StatementContext context) throws SQLException {
        return new PlaceRow(
                Phase.of(rows.getString("phase")),
                rows.getLong("generation"),
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
                time(rows, "began_at"),
                time(rows, "ended_at"),
                rows.getString("ending"));
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

    private static Subject subject(ResultSet rows) throws SQLException {
        return Subject.of(
                rows.getString("kind"), rows.getString("subject"), rows.getString("target"));
    }

    private static Instant time(ResultSet rows, String column) throws SQLException {
        return Instant.ofEpochMilli(rows.getLong(column));
    }
}
