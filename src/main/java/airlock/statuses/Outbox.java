package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.forge.CommitState;
import airlock.statuses.OutboxRow.Outcome;
import airlock.store.Bell;
import airlock.store.Database;
import airlock.store.Listener;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Stores commit statuses in the transaction of the state change; [StatusSender] sends them.
public final class Outbox implements Listener<StateChange>, StatusViews {
    private static final String GIVEN_BACK =
            "the context keeps the verdict that another request of this commit had";

    /// How many statuses of a request are shown.
    private static final int MOST_SHOWN = 1_000;

    /// How long a status that was given up is counted.
    private static final Duration LATELY = Duration.ofDays(1);

    private static final String OPEN = "outcome IN ('waiting', 'sending', 'unknown')";
    private static final String PAUSED =
            OPEN
                    + " AND (not_before = "
                    + Pauses.HELD
                    + " OR forge IN (SELECT forge FROM status_pause WHERE repository = ''))";

    private final Database database;
    private final InstantSource clock;
    private final URI baseUrl;
    private final Bell bell = new Bell();

    /// @param baseUrl where people reach Airlock, without a trailing slash; statuses link to
    ///     `/requests/ID` below it
    public Outbox(Database database, InstantSource clock, URI baseUrl) {
        this.database = database;
        this.clock = clock;
        this.baseUrl = baseUrl;
    }

    @Override
    public void changed(Handle handle, StateChange change) {
        var ownership =
                Ownership.of(handle, change.repository(), change.commit(), change.context());
        var text = StatusText.of(change.state());
        var line = new Line(change.request().text(), text.state().word(), text.description(), "");
        var objection = ownership.objection(change.request(), change.trust());
        var before =
                objection.isEmpty() && endsWithoutVerdict(change.state())
                        ? ownership.verdictBefore(change.request(), change.trust())
                        : Optional.<Ownership.Word>empty();
        if (before.isPresent()) {
            var word = before.get();
            add(handle, change, line.withheld(GIVEN_BACK), ownership.notBefore());
            var again = new Line(word.request(), word.state(), word.description(), "");
            add(handle, change, again, ownership.notBefore());
        } else {
            add(handle, change, line.withheld(objection.orElse("")), ownership.notBefore());
        }
        if (objection.isEmpty()) {
            bell.ring();
        }
    }

    private static boolean endsWithoutVerdict(State state) {
        return switch (state) {
            case State.Queued _, State.Running _ -> false;
            case State.Ended ended ->
                    switch (ended.verdict()) {
                        case SUPERSEDED, CANCELLED -> true;
                        case PASSED, FAILED, TIMED_OUT, INVALID_PLAN, BROKE -> false;
                    };
        };
    }

    /// A status for a context.
    ///
    /// @param request whose status it is
    /// @param objection why it is not sent; empty if it is
    private record Line(String request, String state, String description, String objection) {
        Line withheld(String reason) {
            return new Line(request, state, description, reason);
        }
    }

    private void add(Handle handle, StateChange change, Line line, long notBefore) {
        handle.createUpdate(
                        """
                        INSERT INTO status_outbox (forge, repository, commit_id, context, request,
                            trust, state, description, target, outcome, detail, created_at,
                            changed_at, not_before)
                        VALUES (:forge, :repository, :commit, :context, :request,
                            :trust, :state, :description, :target, :outcome, :detail, :now, :now,
                            CASE WHEN EXISTS (SELECT 1 FROM status_pause p
                                WHERE p.forge = :forge AND p.repository = :repository)
                            THEN :held ELSE :notBefore END)
                        """)
                .bind("forge", change.repository().forge())
                .bind("repository", change.repository().toString())
                .bind("commit", change.commit().hex())
                .bind("context", change.context())
                .bind("request", line.request())
                .bind("trust", change.trust().key())
                .bind("state", line.state())
                .bind("description", line.description())
                .bind("target", baseUrl + "/requests/" + line.request())
                .bind("outcome", line.objection().isEmpty() ? "waiting" : "withheld")
                .bind("detail", line.objection())
                .bind("now", clock.instant().toEpochMilli())
                .bind("notBefore", notBefore)
                .bind("held", Pauses.HELD)
                .execute();
    }

    @Override
    public List<OutboxRow> of(RequestId request) {
        return database.readPage(
                handle -> {
                    Map<String, String> held = new HashMap<>();
                    return handle.createQuery(
                                    "SELECT * FROM status_outbox WHERE request = :id"
                                            + " ORDER BY seq DESC LIMIT :most")
                            .bind("id", request.text())
                            .bind("most", MOST_SHOWN)
                            .map(
                                    (rows, _) ->
                                            row(
                                                    rows,
                                                    held.computeIfAbsent(
                                                            rows.getString("repository"),
                                                            id -> heldBecause(handle, id))))
                            .list()
                            .reversed();
                });
    }

    private static String heldBecause(Handle handle, String repository) {
        return Pauses.holding(handle, RepositoryId.parse(repository))
                .map(pause -> pause.reason() + ": " + pause.cure())
                .orElse("");
    }

    @Override
    public List<StatusPause> paused() {
        return pauses().all();
    }

    /// The pauses, and the way to end them.
    public StatusPauses pauses() {
        return new StatusPauses(database, clock, bell);
    }

    /// Counts the statuses that have not arrived, from the indexes of open rows.
    public Undelivered undelivered() {
        return database.read(
                handle -> {
                    long open = count(handle, OPEN);
                    long paused = Pauses.all(handle).isEmpty() ? 0 : count(handle, PAUSED);
                    return new Undelivered(
                            open - paused,
                            paused,
                            count(
                                    handle,
                                    "outcome = 'given_up' AND changed_at > "
                                            + clock.instant().minus(LATELY).toEpochMilli()));
                });
    }

    /// Statuses that have not arrived.
    ///
    /// @param waiting to be sent, being sent or in doubt
    /// @param paused because the forge refuses the token or the repository
    /// @param givenUp in the last day
    public record Undelivered(long waiting, long paused, long givenUp) {}

    private static long count(Handle handle, String where) {
        return handle.createQuery("SELECT COUNT(*) FROM status_outbox WHERE " + where)
                .mapTo(Long.class)
                .one();
    }

    /// @param held why no status of its repository is sent; empty if not paused
    private static OutboxRow row(ResultSet rows, String held) throws SQLException {
        var outcome = outcome(rows.getString("outcome"));
        boolean isHeld = outcome == Outcome.WAITING && !held.isEmpty();
        return new OutboxRow(
                new CommitId(rows.getString("commit_id")),
                rows.getString("context"),
                CommitState.valueOf(rows.getString("state").toUpperCase(Locale.ROOT)),
                rows.getString("description"),
                outcome,
                isHeld ? held : rows.getString("detail"),
                Instant.ofEpochMilli(rows.getLong("changed_at")));
    }

    private static Outcome outcome(String stored) {
        return switch (stored) {
            case "waiting" -> Outcome.WAITING;
            case "sending", "unknown" -> Outcome.UNDER_WAY;
            case "sent" -> Outcome.SENT;
            case "given_up" -> Outcome.GIVEN_UP;
            case "withheld" -> Outcome.WITHHELD;
            default -> throw new IllegalStateException("status_outbox.outcome is '" + stored + "'");
        };
    }

    /// Rung when a status was added.
    Bell bell() {
        return bell;
    }
}
