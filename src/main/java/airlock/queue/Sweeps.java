package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// When each repository was compared with its forge, when it is due next, and any problem.
public final class Sweeps {
    /// The least time between a sweep and the next one because of a claim.
    static final Duration AFTER_CLAIM = Duration.ofMinutes(1);

    /// The same because of a webhook that contradicts a sweep.
    static final Duration AFTER_DOUBT = Duration.ofSeconds(5);

    private final Database database;
    private final InstantSource clock;

    public Sweeps(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    public enum Half {
        /// Branches and tags, from git.
        REFS,
        /// Change requests, from the forge's API.
        CHANGES
    }

    /// The state of one half.
    ///
    /// @param swept when it was last compared completely
    /// @param failures since then
    /// @param notBefore until when it waits after the last failure
    /// @param problem why the last comparison failed, in one line; empty if it did not
    public record HalfState(
            Optional<Instant> swept, int failures, Instant notBefore, String problem) {
        static final HalfState NEVER = new HalfState(Optional.empty(), 0, Instant.EPOCH, "");
    }

    /// The state of a repository.
    ///
    /// @param due when to sweep it next
    public record State(Instant due, HalfState refs, HalfState changes) {
        /// Before its first sweep.
        public static final State NEVER =
                new State(Instant.EPOCH, HalfState.NEVER, HalfState.NEVER);

        public HalfState of(Half half) {
            return switch (half) {
                case REFS -> refs;
                case CHANGES -> changes;
            };
        }

        /// The problems of both halves, in one line; empty if none.
        public String problem() {
            return refs.problem().isEmpty() || changes.problem().isEmpty()
                    ? refs.problem() + changes.problem()
                    : refs.problem() + "; " + changes.problem();
        }
    }

    /// Schedules the next sweep of `repository` as soon as possible, at least `gap` after the last
    /// one.
    static void ask(Handle handle, RepositoryId repository, Instant now, Duration gap) {
        handle.createUpdate(
                        """
                        INSERT INTO sweep (repository, due_at) VALUES (:repository, :now)
                        ON CONFLICT (repository) DO UPDATE
                        SET due_at = MIN(due_at, MAX(:now, MIN(tried_at, :now) + :gap))
                        """)
                .bind("repository", repository.toString())
                .bind("now", now.toEpochMilli())
                .bind("gap", gap.toMillis())
                .execute();
    }

    /// Makes all repositories due now, because the server has started.
    public void askForAll() {
        database.write(
                handle ->
                        handle.execute(
                                "UPDATE sweep SET due_at = 0, refs_not_before = 0,"
                                        + " changes_not_before = 0"));
    }

    public Map<RepositoryId, State> all() {
        return states("SELECT * FROM sweep ORDER BY repository");
    }

    private Map<RepositoryId, State> states(String sql, Object... values) {
        var states = new HashMap<RepositoryId, State>();
        database.select(
                        (rows, _) ->
                                Map.entry(
                                        RepositoryId.parse(rows.getString("repository")),
                                        state(rows)),
                        sql,
                        values)
                .forEach(entry -> states.put(entry.getKey(), entry.getValue()));
        return states;
    }

    /// Adds repositories that are not known yet; they are due at once.
    public void know(Collection<RepositoryId> repositories) {
        database.write(
                handle -> {
                    for (var repository : repositories) {
                        handle.execute(
                                "INSERT INTO sweep (repository, due_at) VALUES (?, 0) ON CONFLICT"
                                        + " DO NOTHING",
                                repository.toString());
                    }
                    return true;
                });
    }

    /// The states of repositories of which a half may be due: its time has come, or is so far in
    /// the future that it was set before the clock was set back.
    ///
    /// @param furthest the longest regular wait
    public Map<RepositoryId, State> due(Duration furthest) {
        long now = clock.millis();
        return states(
                """
                SELECT * FROM sweep WHERE next_at <= ? UNION ALL SELECT * FROM sweep WHERE next_at > ?
                """,
                now,
                now + furthest.toMillis());
    }

    public State of(RepositoryId repository) {
        return states("SELECT * FROM sweep WHERE repository = ?", repository.toString())
                .getOrDefault(repository, State.NEVER);
    }

    private static State state(ResultSet rows) throws SQLException {
        return new State(
                Instant.ofEpochMilli(rows.getLong("due_at")),
                half(rows, Half.REFS),
                half(rows, Half.CHANGES));
    }

    private static HalfState half(ResultSet rows, Half half) throws SQLException {
        String name = column(half);
        long swept = rows.getLong(name + "_at");
        return new HalfState(
                rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(swept)),
                rows.getInt(name + "_failures"),
                Instant.ofEpochMilli(rows.getLong(name + "_not_before")),
                rows.getString(name + "_problem"));
    }

    /// Records the begin of a sweep; later calls of [#ask] schedule another one.
    ///
    /// @param next when the next regular one is due
    public void began(RepositoryId repository, Instant next) {
        database.write(
                handle ->
                        handle.execute(
                                """
                                INSERT INTO sweep (repository, due_at, tried_at) VALUES (?, ?, ?)
                                ON CONFLICT (repository) DO UPDATE
                                SET due_at = excluded.due_at, tried_at = excluded.tried_at
                                """,
                                repository.toString(),
                                next.toEpochMilli(),
                                clock.millis()));
    }

    public void compared(RepositoryId repository, Half half) {
        database.write(
                handle ->
                        handle.execute(
                                """
                                UPDATE sweep SET %1$s_at = ?, %1$s_failures = 0,
                                    %1$s_not_before = 0, %1$s_problem = ''
                                WHERE repository = ?
                                """
                                        .formatted(column(half)),
                                clock.millis(),
                                repository.toString()));
    }

    /// Records that the comparison of one half failed.
    ///
    /// @param problem why, in one line
    /// @param notBefore until when it is not retried, unless a person asks
    public void hindered(RepositoryId repository, Half half, String problem, Instant notBefore) {
        database.write(
                handle ->
                        handle.execute(
                                """
                                UPDATE sweep SET %1$s_failures = %1$s_failures + 1,
                                    %1$s_not_before = ?, %1$s_problem = ?
                                WHERE repository = ?
                                """
                                        .formatted(column(half)),
                                notBefore.toEpochMilli(),
                                problem,
                                repository.toString()));
    }

    private static String column(Half half) {
        return switch (half) {
            case REFS -> "refs";
            case CHANGES -> "changes";
        };
    }
}
