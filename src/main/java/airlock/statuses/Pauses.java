package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.PostAnswer;
import airlock.forge.PostAnswer.Scope;
import airlock.store.ForgePauses;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of `status_pause`. While a repository is paused its open rows have `not_before`
/// [#HELD], so that looking for what is due never looks at them.
final class Pauses {
    /// What `not_before` says of rows that wait for the pause of their repository to end.
    static final long HELD = -1;

    private static final Backoff DELAYS = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

    /// Longer than one attempt takes.
    private static final Duration PROBE = Duration.ofMinutes(3);

    private static final String EVERY_REPOSITORY = "";
    private static final String OPEN = "outcome IN ('waiting', 'sending', 'unknown')";

    private Pauses() {}

    /// The pause of the forge's token, if there is one.
    static Optional<StatusPause> ofToken(Handle handle, String forge) {
        return of(handle, forge, EVERY_REPOSITORY);
    }

    /// What holds up the statuses of a repository: the pause of the token, else its own.
    static Optional<StatusPause> holding(Handle handle, RepositoryId repository) {
        return ofToken(handle, repository.forge())
                .or(() -> of(handle, repository.forge(), repository.toString()));
    }

    private static Optional<StatusPause> of(Handle handle, String forge, String repository) {
        return handle.createQuery(
                        "SELECT * FROM status_pause WHERE forge = :forge AND repository ="
                                + " :repository")
                .bind("forge", forge)
                .bind("repository", repository)
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

    /// Whether a status may be tried although there is `pause`. A time further away than any pause
    /// was noted by a clock that was ahead.
    static boolean isDue(StatusPause pause, Instant now) {
        return !pause.until().isAfter(now) || pause.until().isAfter(now.plus(ForgePauses.LONGEST));
    }

    /// The repositories of `forge` of which a status is to be tried.
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

    /// A status is under way that shows whether `pause` is over; no second one meanwhile.
    static void probing(Handle handle, StatusPause pause, Instant now) {
        handle.createUpdate(
                        """
                        UPDATE status_pause SET until = :until
                        WHERE forge = :forge AND repository = :repository
                        """)
                .bind("until", now.plus(PROBE).toEpochMilli())
                .bind("forge", pause.forge())
                .bind("repository", key(pause))
                .execute();
    }

    /// Begins or lengthens the pause that the answer to `row` asks for.
    ///
    /// @return the pause; empty if another row was refused before, while this one was under way
    static Optional<StatusPause> refused(
            Handle handle, OpenRow row, PostAnswer.Refused answer, String credential, Instant now) {
        String forge = row.repository().forge();
        String repository =
                switch (answer.scope()) {
                    case CREDENTIAL -> EVERY_REPOSITORY;
                    case REPOSITORY -> row.repository().toString();
                };
        if (answer.scope() == Scope.REPOSITORY) {
            remove(handle, forge, EVERY_REPOSITORY); // the token was good for this answer
            hold(handle, repository);
        }
        if (!row.probe() && of(handle, forge, repository).isPresent()) {
            return Optional.empty();
        }
        var refusal = new Refusal(forge, repository, answer.reason(), answer.cure(), credential);
        int refusals = count(handle, refusal, now);
        handle.createUpdate(
                        """
                        UPDATE status_pause SET until = :until
                        WHERE forge = :forge AND repository = :repository
                        """)
                .bind("until", now.plus(DELAYS.after(refusals)).toEpochMilli())
                .bind("forge", forge)
                .bind("repository", repository)
                .execute();
        return of(handle, forge, repository);
    }

    private record Refusal(
            String forge, String repository, String reason, String cure, String credential) {}

    /// Returns how many refusals this pause has seen.
    private static int count(Handle handle, Refusal refusal, Instant now) {
        return handle.createQuery(
                        """
                                INSERT INTO status_pause
                                VALUES (:forge, :repository, :reason, :cure, :credential, 1, :now, 0)
                                ON CONFLICT (forge, repository) DO UPDATE SET
                                    refusals = refusals + 1, reason = excluded.reason,
                                    cure = excluded.cure, credential = excluded.credential
                                RETURNING refusals
                                """)
                .bind("forge", refusal.forge())
                .bind("repository", refusal.repository())
                .bind("reason", refusal.reason())
                .bind("cure", refusal.cure())
                .bind("credential", refusal.credential())
                .bind("now", now.toEpochMilli())
                .mapTo(Integer.class)
                .one();
    }

    /// The forge gave another answer than a refusal: neither its token nor the repository is paused
    /// from now on.
    static void over(Handle handle, RepositoryId repository) {
        remove(handle, repository.forge(), EVERY_REPOSITORY);
        end(handle, repository.forge(), repository.toString());
    }

    /// Ends `pause`, of which nothing waits.
    static void end(Handle handle, StatusPause pause) {
        end(handle, pause.forge(), key(pause));
    }

    private static void end(Handle handle, String forge, String repository) {
        if (remove(handle, forge, repository)) {
            handle.createUpdate(
                            "UPDATE status_outbox SET not_before = 0 WHERE repository = :repository"
                                    + " AND not_before = :held AND "
                                    + OPEN)
                    .bind("repository", repository)
                    .bind("held", HELD)
                    .execute();
        }
    }

    /// Ends what a token other than `credential` was refused.
    static void endOthers(Handle handle, String forge, String credential) {
        handle.createQuery(
                        "SELECT * FROM status_pause WHERE forge = :forge AND credential <>"
                                + " :credential")
                .bind("forge", forge)
                .bind("credential", credential)
                .map((rows, _) -> pause(rows))
                .list()
                .forEach(pause -> end(handle, pause));
    }

    private static boolean remove(Handle handle, String forge, String repository) {
        return handle.createUpdate(
                                "DELETE FROM status_pause WHERE forge = :forge AND repository ="
                                        + " :repository")
                        .bind("forge", forge)
                        .bind("repository", repository)
                        .execute()
                > 0;
    }

    private static void hold(Handle handle, String repository) {
        handle.createUpdate(
                        "UPDATE status_outbox SET not_before = :held WHERE repository = :repository"
                                + " AND "
                                + OPEN)
                .bind("held", HELD)
                .bind("repository", repository)
                .execute();
    }

    private static String key(StatusPause pause) {
        return pause.repository().map(RepositoryId::toString).orElse(EVERY_REPOSITORY);
    }
}
