package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.forge.CommitState;
import airlock.statuses.OutboxRow.Outcome;
import airlock.store.Bell;
import airlock.store.Database;
import airlock.store.Listener;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Keeps what forges are to be told, in the transaction that makes it true. Sending is
/// [StatusSender]'s.
public final class Outbox implements Listener<StateChange> {
    private final Database database;
    private final InstantSource clock;
    private final URI baseUrl;
    private final Bell bell = new Bell();

    /// @param baseUrl where people reach Airlock, without a slash at its end; statuses link to
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
        var objection = ownership.objection(change.request(), change.trust());
        add(handle, change, objection, ownership.notBefore());
        if (objection.isEmpty()) {
            bell.ring();
        }
    }

    private void add(
            Handle handle, StateChange change, Optional<String> objection, long notBefore) {
        var told = Told.of(change.state());
        handle.createUpdate(
                        """
                        INSERT INTO status_outbox (forge, repository, commit_id, context, request,
                            trust, state, description, target, outcome, detail, created_at,
                            changed_at, not_before)
                        VALUES (:forge, :repository, :commit, :context, :request,
                            :trust, :state, :description, :target, :outcome, :detail, :now, :now,
                            :notBefore)
                        """)
                .bind("forge", change.repository().forge())
                .bind("repository", change.repository().toString())
                .bind("commit", change.commit().hex())
                .bind("context", change.context())
                .bind("request", change.request().text())
                .bind("trust", change.trust().key())
                .bind("state", told.state().word())
                .bind("description", told.description())
                .bind("target", baseUrl + "/requests/" + change.request())
                .bind("outcome", objection.isPresent() ? "withheld" : "waiting")
                .bind("detail", objection.orElse(""))
                .bind("now", clock.instant().toEpochMilli())
                .bind("notBefore", notBefore)
                .execute();
    }

    /// What became of the statuses of `request`, in the order in which they came to be.
    public List<OutboxRow> of(RequestId request) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM status_outbox WHERE request = :id ORDER BY seq")
                                .bind("id", request.text())
                                .map((rows, _) -> row(rows))
                                .list());
    }

    /// How many statuses have not arrived, counted from the indexes of what is open.
    public Undelivered undelivered() {
        return database.read(
                handle ->
                        new Undelivered(
                                count(handle, "outcome IN ('waiting', 'sending', 'unknown')"),
                                count(handle, "outcome = 'given_up'")));
    }

    /// Statuses that have not arrived.
    ///
    /// @param waiting to be sent, on their way or in doubt
    /// @param givenUp those that will never arrive
    public record Undelivered(long waiting, long givenUp) {}

    private static long count(Handle handle, String where) {
        return handle.createQuery("SELECT COUNT(*) FROM status_outbox WHERE " + where)
                .mapTo(Long.class)
                .one();
    }

    private static OutboxRow row(ResultSet rows) throws SQLException {
        return new OutboxRow(
                new CommitId(rows.getString("commit_id")),
                rows.getString("context"),
                CommitState.valueOf(rows.getString("state").toUpperCase(Locale.ROOT)),
                rows.getString("description"),
                outcome(rows.getString("outcome")),
                rows.getString("detail"),
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
