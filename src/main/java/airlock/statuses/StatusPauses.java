package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ApiFailure;
import airlock.statuses.ForgeSender.Backoff;
import airlock.statuses.OpenRows.OpenRow;
import airlock.statuses.StatusPauses.StatusPause;
import airlock.store.Database;
import airlock.store.ForgePauses;
import airlock.store.Signal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The pauses of statuses that forges refused, and the operator's way to end them.
public final class StatusPauses {
    /// The `not_before` of rows whose repository is paused, so that queries for due rows skip them.
    static final long HELD = -1;

    private static final Backoff DELAYS = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

    /// Longer than one attempt takes.
    private static final Duration PROBE = Duration.ofMinutes(3);

    private static final String EVERY_REPOSITORY = "";
    private static final int MOST_GIVEN_UP = 10_000;

    private final Database database;
    private final InstantSource clock;
    private final Signal signal;

    StatusPauses(Database database, InstantSource clock, Signal signal) {
        this.database = database;
        this.clock = clock;
        this.signal = signal;
    }

    public List<StatusPause> all() {
        return database.read(handle -> all(handle));
    }

    /// What [#retry] has done.
    ///
    /// @param pauses for which one status is sent now
    /// @param waiting statuses whose delay was dropped
    /// @param givenUp abandoned statuses that are sent again, each the last of its context
    public record Retried(int pauses, int waiting, int givenUp) {}

    /// Retries now: one status of each pause, all delayed ones, and the newest [#MOST_GIVEN_UP]
    /// abandoned ones. Waits that a forge asked for still apply.
    ///
    /// @param of limits this to one repository
    public Retried retry(Optional<RepositoryId> of) {
        String repository = of.map(RepositoryId::toString).orElse("");
        String forge = of.map(RepositoryId::forge).orElse("");
        var retried =
                database.write(
                        handle ->
                                new Retried(
                                        pauses(handle, forge, repository),
                                        waiting(handle, repository),
                                        givenUp(handle, repository)));
        signal.raise();
        return retried;
    }

    private static int pauses(Handle handle, String forge, String repository) {
        return handle.createUpdate(
                        """
                        UPDATE status_pause SET until = 0
                        WHERE :repository = '' OR (forge = :forge AND repository IN ('', :repository))
                        """)
                .bind("forge", forge)
                .bind("repository", repository)
                .execute();
    }

    private static int waiting(Handle handle, String repository) {
        return handle.createUpdate(
                        """
                        UPDATE status_outbox SET not_before = 0
                        WHERE outcome IN ('waiting', 'unknown') AND not_before > 0
                        """
                                + only(repository))
                .bind("repository", repository)
                .execute();
    }

    private int givenUp(Handle handle, String repository) {
        return handle.createUpdate(
                        """
                        UPDATE status_outbox AS o SET outcome = 'waiting', attempts = 0, refusals = 0,
                            not_before = CASE WHEN EXISTS (SELECT 1 FROM status_pause p
                                WHERE p.forge = o.forge AND p.repository = o.repository)
                                THEN :held ELSE 0 END,
                            detail = 'tried again, as the operator asked', changed_at = :now
                        WHERE seq IN (SELECT seq FROM status_outbox WHERE outcome = 'given_up' %s
                                ORDER BY seq DESC LIMIT :most)
                            AND NOT EXISTS (SELECT 1 FROM status_outbox n
                                WHERE n.repository = o.repository AND n.commit_id = o.commit_id
                                    AND n.context = o.context AND n.seq > o.seq
                                    AND n.outcome <> 'withheld')
                        """
                                .formatted(only(repository)))
                .bind("held", HELD)
                .bind("now", clock.millis())
                .bind("most", MOST_GIVEN_UP)
                .bind("repository", repository)
                .execute();
    }

    private static String only(String repository) {
        return repository.isEmpty() ? " AND :repository = ''" : " AND repository = :repository";
    }

    static Optional<StatusPause> ofToken(Handle handle, String forge) {
        return of(handle, forge, EVERY_REPOSITORY);
    }

    /// The pause that affects a repository: that of the token, else its own.
    static Optional<StatusPause> holding(Handle handle, RepositoryId repository) {
        return ofToken(handle, repository.forge())
                .or(() -> of(handle, repository.forge(), repository.toString()));
    }

    private static Optional<StatusPause> of(Handle handle, String forge, String repository) {
        return list(handle, "forge = ? AND repository = ?", forge, repository).stream().findFirst();
    }

    static List<StatusPause> all(Handle handle) {
        return list(handle, "1 ORDER BY forge, repository");
    }

    private static List<StatusPause> list(Handle handle, String where, Object... values) {
        return handle.select("SELECT * FROM status_pause WHERE " + where, values)
                .map((rows, _) -> pause(rows))
                .list();
    }

    private static StatusPause pause(ResultSet rows) throws SQLException {
        return new StatusPause(
                rows.getString("forge"),
                Optional.of(rows.getString("repository"))
                        .filter(id -> !id.isEmpty())
                        .map(RepositoryId::parse),
                rows.getString("reason"),
                rows.getString("cure"),
                Instant.ofEpochMilli(rows.getLong("since")),
                Instant.ofEpochMilli(rows.getLong("until")));
    }

    /// Whether `pause` is due for a probe. Times beyond the longest pause were set before the clock
    /// was set back.
    static boolean isDue(StatusPause pause, Instant now) {
        return !pause.until().isAfter(now) || pause.until().isAfter(now.plus(ForgePauses.LONGEST));
    }

    static List<StatusPause> dueRepositories(Handle handle, String forge, Instant now) {
        return list(
                handle,
                "forge = ? AND repository <> '' AND (until <= ? OR until > ?) ORDER BY until LIMIT 10",
                forge,
                now.toEpochMilli(),
                now.plus(ForgePauses.LONGEST).toEpochMilli());
    }

    /// Notes that a status is being sent as a probe, so that no second one is.
    static void probing(Handle handle, StatusPause pause, Instant now) {
        until(handle, pause.forge(), key(pause), now.plus(PROBE));
    }

    private static void until(Handle handle, String forge, String repository, Instant until) {
        handle.execute(
                "UPDATE status_pause SET until = ? WHERE forge = ? AND repository = ?",
                until.toEpochMilli(),
                forge,
                repository);
    }

    /// Begins or extends the pause for the answer to `row`.
    ///
    /// @return the pause; empty if another row, sent at the same time, has begun it
    static Optional<StatusPause> refused(
            Handle handle, OpenRow row, ApiFailure.Refused answer, String credential, Instant now) {
        String forge = row.repository().forge();
        String repository =
                switch (answer.scope()) {
                    case CREDENTIAL -> EVERY_REPOSITORY;
                    case REPOSITORY -> row.repository().toString();
                };
        if (!repository.equals(EVERY_REPOSITORY)) {
            remove(handle, forge, EVERY_REPOSITORY); // so the token is valid
            handle.execute(
                    "UPDATE status_outbox SET not_before = ? WHERE repository = ? AND "
                            + OpenRows.OPEN,
                    HELD,
                    repository);
        }
        if (!row.tries().probe() && of(handle, forge, repository).isPresent()) {
            return Optional.empty();
        }
        int refusals =
                handle.createQuery(
                                """
                                INSERT INTO status_pause
                                VALUES (:forge, :repository, :reason, :cure, :credential, 1, :now, 0)
                                ON CONFLICT (forge, repository) DO UPDATE SET
                                    refusals = refusals + 1, reason = excluded.reason,
                                    cure = excluded.cure, credential = excluded.credential
                                RETURNING refusals
                                """)
                        .bind("forge", forge)
                        .bind("repository", repository)
                        .bind("reason", answer.reason())
                        .bind("cure", answer.cure())
                        .bind("credential", credential)
                        .bind("now", now.toEpochMilli())
                        .mapTo(Integer.class)
                        .one();
        until(handle, forge, repository, now.plus(DELAYS.after(refusals)));
        return of(handle, forge, repository);
    }

    /// Ends the pauses of the token and the repository: the forge did not refuse.
    static void over(Handle handle, RepositoryId repository) {
        remove(handle, repository.forge(), EVERY_REPOSITORY);
        end(handle, repository.forge(), repository.toString());
    }

    static void end(Handle handle, StatusPause pause) {
        end(handle, pause.forge(), key(pause));
    }

    private static void end(Handle handle, String forge, String repository) {
        if (remove(handle, forge, repository)) {
            handle.execute(
                    "UPDATE status_outbox SET not_before = 0 WHERE repository = ? AND not_before = ? AND "
                            + OpenRows.OPEN,
                    repository,
                    HELD);
        }
    }

    static void endOthers(Handle handle, String forge, String credential) {
        list(handle, "forge = ? AND credential <> ?", forge, credential)
                .forEach(pause -> end(handle, pause));
    }

    private static boolean remove(Handle handle, String forge, String repository) {
        return handle.execute(
                        "DELETE FROM status_pause WHERE forge = ? AND repository = ?",
                        forge,
                        repository)
                > 0;
    }

    private static String key(StatusPause pause) {
        return pause.repository().map(RepositoryId::toString).orElse(EVERY_REPOSITORY);
    }

    /// A pause of statuses because a forge refuses them.
    ///
    /// @param repository whose statuses wait; empty if all wait because the token is refused
    /// @param cure what the operator can do
    /// @param since when the first one was refused
    /// @param until when the next one is tried
    public record StatusPause(
            String forge,
            Optional<RepositoryId> repository,
            String reason,
            String cure,
            Instant since,
            Instant until) {

        /// Whose statuses wait, for people.
        public String scope() {
            return repository.map(id -> "repository " + id).orElse("forge '" + forge + "'");
        }
    }
}
