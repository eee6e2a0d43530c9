package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.forge.ApiFailure;
import airlock.forge.StatusPoster.CommitState;
import airlock.forge.StatusPoster.StatusUpdate;
import airlock.statuses.StatusPauses.StatusPause;
import airlock.store.Database;
import airlock.store.ForgePauses;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of the outbox that are neither sent nor given up. To keep the order, only the oldest
/// row of a commit and context can be taken, and the next one after that is settled.
final class OpenRows {
    static final String OPEN = "outcome IN ('waiting', 'sending', 'unknown')";
    private static final String SAME_CONTEXT =
            "n.repository = o.repository AND n.commit_id = o.commit_id AND n.context = o.context";
    private static final String RESTING = "outcome IN ('waiting', 'unknown')";
    private static final String DUE =
            """
            SELECT o.* FROM status_outbox o
            WHERE o.forge = :forge AND o.%3$s AND o.not_before = 0
                AND NOT EXISTS (SELECT 1 FROM status_outbox n
                    WHERE %2$s AND n.%1$s AND n.seq < o.seq)
            ORDER BY o.seq LIMIT 1
            """
                    .formatted(OPEN, SAME_CONTEXT, RESTING);

    private static final String HELD =
            """
            SELECT o.* FROM status_outbox o
            WHERE o.repository = :repository AND o.%1$s AND o.not_before = :held
                AND o.outcome <> 'sending'
                AND NOT EXISTS (SELECT 1 FROM status_outbox n
                    WHERE %2$s AND n.%1$s AND n.seq < o.seq)
            ORDER BY o.seq LIMIT 1
            """
                    .formatted(OPEN, SAME_CONTEXT);

    private final Database database;
    private final InstantSource clock;

    OpenRows(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Marks rows that were being sent when the server died: they may have arrived.
    void recover() {
        database.write(
                handle ->
                        handle.execute(
                                "UPDATE status_outbox SET outcome = 'unknown', detail = 'the server"
                                        + " stopped while sending' WHERE outcome = 'sending' AND "
                                        // this condition lets SQLite use the index of open rows
                                        + OPEN));
    }

    /// Gives up rows for forges other than `forges`; returns their number.
    int abandon(Collection<String> forges) {
        var known = new HashSet<>(forges);
        known.add(""); // since SQL has no empty list
        return database.write(
                handle ->
                        handle.createUpdate(
                                        """
                                        UPDATE status_outbox SET outcome = 'given_up', detail =
                                            'the forge is not in the configuration any more',
                                            changed_at = :now
                                        WHERE forge NOT IN (<known>) AND %s
                                        """
                                                .formatted(OPEN))
                                .bindList("known", known)
                                .bind("now", clock.millis())
                                .execute());
    }

    void begin(String forge, String credential) {
        database.write(
                handle -> {
                    StatusPauses.endOthers(handle, forge, credential);
                    return true;
                });
    }

    /// Takes the oldest due row of `forge`; empty if none is due or the forge is paused.
    Optional<OpenRow> take(String forge) {
        return database.write(
                handle -> {
                    Instant now = clock.instant();
                    var token = StatusPauses.ofToken(handle, forge);
                    if (ForgePauses.until(handle, forge, now).isPresent()
                            || token.filter(pause -> !StatusPauses.isDue(pause, now)).isPresent()) {
                        return Optional.empty();
                    }
                    recheck(handle, forge);
                    letDue(handle, forge);
                    var row = probe(handle, forge).or(() -> due(handle, forge, token.isPresent()));
                    if (row.isEmpty()
                            && token.isPresent()
                            && !isAnyOpen(handle, "forge = ?", forge)) {
                        StatusPauses.end(handle, token.get());
                    }
                    row.ifPresent(
                            taken -> {
                                token.ifPresent(pause -> StatusPauses.probing(handle, pause, now));
                                handle.execute(
                                        "UPDATE status_outbox SET outcome = 'sending', attempts ="
                                                + " attempts + 1, changed_at = ? WHERE seq = ?",
                                        clock.millis(),
                                        taken.seq());
                            });
                    return row;
                });
    }

    private static boolean isAnyOpen(Handle handle, String where, Object... values) {
        String sql = "SELECT EXISTS (SELECT 1 FROM status_outbox WHERE " + where + " AND " + OPEN;
        return handle.select(sql + ")", values).mapTo(Boolean.class).one();
    }

    private static Optional<OpenRow> due(Handle handle, String forge, boolean probe) {
        return handle.createQuery(DUE)
                .bind("forge", forge)
                .map((rows, _) -> row(rows, probe))
                .findOne();
    }

    private Optional<OpenRow> probe(Handle handle, String forge) {
        for (var pause : StatusPauses.dueRepositories(handle, forge, clock.instant())) {
            var row =
                    handle.createQuery(HELD)
                            .bind("repository", pause.repository().orElseThrow().toString())
                            .bind("held", StatusPauses.HELD)
                            .map((rows, _) -> row(rows, true))
                            .findOne();
            if (row.isPresent()) {
                StatusPauses.probing(handle, pause, clock.instant());
                return row;
            }
            StatusPauses.end(handle, pause);
        }
        return Optional.empty();
    }

    /// Marks rows whose time has come, so that [#take] skips all those that still wait, which may
    /// be many while a forge is down.
    private void letDue(Handle handle, String forge) {
        String sql =
                "UPDATE status_outbox SET not_before = 0 WHERE forge = ? AND %s AND not_before > 0"
                        .formatted(RESTING);
        handle.execute(sql + " AND not_before <= ?", forge, clock.millis());
        // later times were set before the clock was set back; apart, so that both use the index
        Instant latest = clock.instant().plus(ForgePauses.LONGEST);
        handle.execute(sql + " AND not_before > ?", forge, latest.toEpochMilli());
    }

    /// Checks contexts again in which a status was posted twice: the first post may arrive late and
    /// overwrite newer ones. (`repeated` is 1 after a second post, 2 once this check was made.)
    private void recheck(Handle handle, String forge) {
        var due =
                handle.select(
                                """
                                UPDATE status_outbox SET recheck_at = NULL
                                WHERE forge = ? AND recheck_at <= ? RETURNING seq
                                """,
                                forge,
                                clock.millis())
                        .mapTo(Long.class)
                        .list();
        for (long seq : due) {
            handle.execute(
                    """
                    UPDATE status_outbox AS o SET outcome = 'unknown', attempts = 0,
                        not_before = 0, repeated = 2, detail = 'looking whether it is still there'
                    WHERE o.seq = ? AND NOT EXISTS (SELECT 1 FROM status_outbox n
                        WHERE %s AND n.seq > o.seq AND n.outcome <> 'withheld')
                    """
                            .formatted(SAME_CONTEXT),
                    seq);
        }
    }

    private static OpenRow row(ResultSet rows, boolean probe) throws SQLException {
        return new OpenRow(
                rows.getLong("seq"),
                new RequestId(rows.getString("request")),
                RepositoryId.parse(rows.getString("repository")),
                new StatusUpdate(
                        new CommitId(rows.getString("commit_id")),
                        CommitState.valueOf(rows.getString("state").toUpperCase(Locale.ROOT)),
                        rows.getString("context"),
                        rows.getString("description"),
                        rows.getString("target")),
                rows.getString("outcome").equals("unknown"),
                new OpenRow.Tries(rows.getInt("attempts") + 1, rows.getInt("refusals"), probe),
                Instant.ofEpochMilli(rows.getLong("created_at")));
    }

    /// @param recheck when to check once more, after which a late first post would have arrived
    void sent(OpenRow row, boolean repeated, Duration recheck) {
        database.write(
                handle -> {
                    StatusPauses.over(handle, row.repository());
                    settle(handle, row, "sent", "");
                    return handle.createUpdate(
                                    """
                                    UPDATE status_outbox AS o
                                    SET repeated = MAX(repeated, :repeated),
                                        recheck_at = CASE WHEN repeated < 2 AND (:repeated
                                            OR EXISTS (SELECT 1 FROM status_outbox n
                                                WHERE %s AND n.repeated = 1
                                                    AND n.changed_at > :since))
                                        THEN :at END
                                    WHERE seq = :seq
                                    """
                                            .formatted(SAME_CONTEXT))
                            .bind("repeated", repeated ? 1 : 0)
                            .bind("since", clock.instant().minus(recheck).toEpochMilli())
                            .bind("at", clock.instant().plus(recheck).toEpochMilli())
                            .bind("seq", row.seq())
                            .execute();
                });
    }

    void givenUp(OpenRow row, String reason) {
        database.write(handle -> settle(handle, row, "given_up", reason));
    }

    /// Ends the pauses: the forge's answer was about this row only, so it accepts others.
    void over(OpenRow row) {
        database.write(
                handle -> {
                    StatusPauses.over(handle, row.repository());
                    return true;
                });
    }

    /// Pauses statuses because the forge refuses the token, or the repository to it. Returns the
    /// pause, unless another row has begun it in the meantime.
    Optional<StatusPause> refused(
            OpenRow row, ApiFailure.Refused answer, String credential, boolean asksFirst) {
        return database.write(
                handle -> {
                    settle(handle, row, asksFirst ? "unknown" : "waiting", answer.reason());
                    return StatusPauses.refused(handle, row, answer, credential, clock.instant());
                });
    }

    boolean hasNewer(OpenRow row) {
        return database.read(
                handle ->
                        isAnyOpen(
                                handle,
                                "repository = ? AND commit_id = ? AND context = ? AND seq > ?",
                                row.repository().toString(),
                                row.status().commit().hex(),
                                row.status().context(),
                                row.seq()));
    }

    /// Schedules the next attempt after `delay`. If the forge asked to wait, the whole forge waits.
    void later(OpenRow row, ForgeSender.Later later, Duration delay) {
        database.write(
                handle -> {
                    // later ones of its context wait as long, since they are sent after it
                    handle.createUpdate(
                                    """
                                    UPDATE status_outbox SET not_before = MAX(not_before, :at),
                                        refusals = refusals + (seq = :seq AND :refused)
                                    WHERE repository = :repository AND commit_id = :commit
                                        AND context = :context AND %s
                                    """
                                            .formatted(OPEN))
                            .bind("at", clock.instant().plus(delay).toEpochMilli())
                            .bind("refused", later.mayBePermanent())
                            .bind("seq", row.seq())
                            .bind("repository", row.repository().toString())
                            .bind("commit", row.status().commit().hex())
                            .bind("context", row.status().context())
                            .execute();
                    if (later.after().isPositive()) {
                        ForgePauses.note(
                                handle,
                                row.repository().forge(),
                                clock.instant().plus(later.after()));
                    }
                    return settle(
                            handle, row, later.asksFirst() ? "unknown" : "waiting", later.reason());
                });
    }

    private int settle(Handle handle, OpenRow row, String outcome, String detail) {
        return handle.execute(
                "UPDATE status_outbox SET outcome = ?, detail = ?, changed_at = ? WHERE seq = ?",
                outcome,
                detail,
                clock.millis(),
                row.seq());
    }

    /// A row of the outbox that was taken to be sent.
    ///
    /// @param asksFirst the forge may have the status already
    /// @param made when the state changed
    record OpenRow(
            long seq,
            RequestId request,
            RepositoryId repository,
            StatusUpdate status,
            boolean asksFirst,
            Tries tries,
            Instant made) {
        /// @param count including this one
        /// @param refusals answers that may be permanent
        /// @param probe whether this one finds out if a pause is over
        record Tries(int count, int refusals, boolean probe) {}

        String called() {
            return "%s of %s".formatted(status.context(), status.commit());
        }
    }
}
