package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ApiFailure;
import airlock.store.ForgePauses;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of `status_pause`. While a repository is paused, its open rows have `not_before`
/// [#HELD], so that queries for due rows skip them.
final class Pauses {
    /// The `not_before` of rows whose repository is paused.
    static final long HELD = -1;

    private static final Backoff DELAYS = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

    /// Longer than one attempt takes.
    private static final Duration PROBE = Duration.ofMinutes(3);

    private static final String EVERY_REPOSITORY = "";
    private static final String OPEN = "outcome IN ('waiting', 'sending', 'unknown')";

    private Pauses() {}

    /// The pause of the forge's token.
    static Optional<StatusPause> ofToken(Handle handle, String forge) {
        return of(handle, forge, EVERY_REPOSITORY);
    }

    /// The pause that affects a repository: that of the token, else its own.
    static Optional<StatusPause> holding(Handle handle, RepositoryId repository) {
        return ofToken(handle, repository.forge())
                .or(() -> of(handle, repository.forge(), repository.toString()));
    }

    private static Optional<StatusPause> of(Handle handle, String forge, String repository) {
        return handle.select(
                        "SELECT * FROM status_pause WHERE forge = ? AND repository = ?",
                        forge,
                        repository)
                .map((rows, _) -> pause(rows))
                .findOne();
    }

    static List<StatusPause> all(Handle handle) {
        return handle.createQuery("SELECT * FROM status_pause ORDER BY forge, repository")
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

    /// The paused repositories of `forge` that are due for a probe.
    static List<StatusPause> dueRepositories(Handle handle, String forge, Instant now) {
        return handle.createQuery(
                        """
                        SELECT * FROM status_pause WHERE forge = :forge AND repository <> ''
                            AND (until <= :now OR until > :latest) ORDER BY until LIMIT 10
                        """)
                .bind("forge", forge)
                .bind("now", now.toEpochMilli())
                .bind("latest", now.plus(ForgePauses.LONGEST).toEpochMilli())
                .map((rows, _) -> pause(rows))
                .list();
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
            hold(handle, repository);
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

    /// Ends `pause`.
    static void end(Handle handle, StatusPause pause) {
        end(handle, pause.forge(), key(pause));
    }

    private static void end(Handle handle, String forge, String repository) {
        if (remove(handle, forge, repository)) {
            handle.execute(
                    "UPDATE status_outbox SET not_before = 0 WHERE repository = ? AND not_before = ? AND "
                            + OPEN,
                    repository,
                    HELD);
        }
    }

    /// Ends the pauses due to a token other than `credential`.
    static void endOthers(Handle handle, String forge, String credential) {
        handle.select(
                        "SELECT * FROM status_pause WHERE forge = ? AND credential <> ?",
                        forge,
                        credential)
                .map((rows, _) -> pause(rows))
                .list()
                .forEach(pause -> end(handle, pause));
    }

    private static boolean remove(Handle handle, String forge, String repository) {
        return handle.execute(
                        "DELETE FROM status_pause WHERE forge = ? AND repository = ?",
                        forge,
                        repository)
                > 0;
    }

    private static void hold(Handle handle, String repository) {
        handle.execute(
                "UPDATE status_outbox SET not_before = ? WHERE repository = ? AND " + OPEN,
                HELD,
                repository);
    }

    private static String key(StatusPause pause) {
        return pause.repository().map(RepositoryId::toString).orElse(EVERY_REPOSITORY);
    }
}
