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
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// When each repository was compared with its forge, when it will be next, and what hinders it.
public final class Sweeps {
    /// How soon after a sweep a claim causes the next one: a busy repository is swept once a
    /// minute.
    static final Duration AFTER_CLAIM = Duration.ofMinutes(1);

    /// The same for a webhook that contradicts what a sweep saw.
    static final Duration AFTER_DOUBT = Duration.ofSeconds(5);

    private final Database database;
    private final InstantSource clock;

    public Sweeps(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// One half of a sweep.
    public enum Half {
        /// Branches and tags, asked of git.
        REFS,
        /// Change requests, asked of the forge's API.
        CHANGES
    }

    /// How one half stands.
    ///
    /// @param swept when it was last compared whole; empty before the first time
    /// @param failures how often it could not be compared since
    /// @param notBefore until when it waits after the last failure
    /// @param problem why it could not be compared, in one line; empty where it was
    public record HalfState(
            Optional<Instant> swept, int failures, Instant notBefore, String problem) {
        static final HalfState NEVER = new HalfState(Optional.empty(), 0, Instant.EPOCH, "");
    }

    /// How a repository stands.
    ///
    /// @param due when it is to be swept next
    public record State(Instant due, HalfState refs, HalfState changes) {
        /// Before its first sweep.
        public static final State NEVER =
                new State(Instant.EPOCH, HalfState.NEVER, HalfState.NEVER);

        /// The half that is asked for.
        public HalfState of(Half half) {
            return switch (half) {
                case REFS -> refs;
                case CHANGES -> changes;
            };
        }

        /// What hinders it, in one line; empty where nothing does.
        public String problem() {
            return refs.problem().isEmpty() || changes.problem().isEmpty()
                    ? refs.problem() + changes.problem()
                    : refs.problem() + "; " + changes.problem();
        }
    }

    /// Brings the next sweep of `repository` forward, to `gap` after the last one at the earliest.
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

    /// All repositories are due at once, whatever hindered them before: the server has started.
    public void askForAll() {
        database.write(
                handle ->
                        handle.execute(
                                "UPDATE sweep SET due_at = 0, refs_not_before = 0,"
                                        + " changes_not_before = 0"));
    }

    /// The states of all repositories that were swept or asked for ever.
    public Map<RepositoryId, State> all() {
        return states(handle -> handle.createQuery("SELECT * FROM sweep ORDER BY repository"));
    }

    private Map<RepositoryId, State> states(Function<Handle, Query> query) {
        var states = new HashMap<RepositoryId, State>();
        database.read(
                        handle ->
                                query.apply(handle)
                                        .map(
                                                (rows, _) ->
                                                        Map.entry(
                                                                RepositoryId.parse(
                                                                        rows.getString(
                                                                                "repository")),
                                                                state(rows)))
                                        .list())
                .forEach(entry -> states.put(entry.getKey(), entry.getValue()));
        return states;
    }

    /// Makes sure that repositories are looked at, if they never were.
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

    /// The states of repositories of which a half may be due: its time has come, or is so far away
    /// that it was set before the clock was set back.
    ///
    /// @param furthest how far away a time can be at least
    public Map<RepositoryId, State> due(Duration furthest) {
        long now = clock.millis();
        return states(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM sweep WHERE next_at <= :now
                                        UNION ALL
                                        SELECT * FROM sweep WHERE next_at > :far
                                        """)
                                .bind("now", now)
                                .bind("far", now + furthest.toMillis()));
    }

    /// The state of one repository.
    public State of(RepositoryId repository) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT * FROM sweep WHERE repository = :repository")
                                .bind("repository", repository.toString())
                                .map((rows, _) -> state(rows))
                                .findOne()
                                .orElse(State.NEVER));
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

    /// A sweep begins; who asks for one from now on gets another one.
    ///
    /// @param next when the clock alone asks for the next one
    public void began(RepositoryId repository, Instant next) {
        database.write(
                handle ->
                        handle.createUpdate(
                                        """
                                        INSERT INTO sweep (repository, due_at, tried_at)
                                        VALUES (:repository, :next, :now)
                                        ON CONFLICT (repository) DO UPDATE
                                        SET due_at = excluded.due_at, tried_at = excluded.tried_at
                                        """)
                                .bind("repository", repository.toString())
                                .bind("next", next.toEpochMilli())
                                .bind("now", clock.millis())
                                .execute());
    }

    /// One half was compared whole.
    public void compared(RepositoryId repository, Half half) {
        String name = column(half);
        database.write(
                handle ->
                        handle.createUpdate(
                                        """
                                        UPDATE sweep SET %1$s_at = :now, %1$s_failures = 0,
                                            %1$s_not_before = 0, %1$s_problem = ''
                                        WHERE repository = :repository
                                        """
                                                .formatted(name))
                                .bind("now", clock.millis())
                                .bind("repository", repository.toString())
                                .execute());
    }

    /// One half could not be compared, or not to its end.
    ///
    /// @param problem why, in one line
    /// @param notBefore until when it is not tried, whoever asks but a person
    public void hindered(RepositoryId repository, Half half, String problem, Instant notBefore) {
        String name = column(half);
        database.write(
                handle ->
                        handle.createUpdate(
                                        """
                                        UPDATE sweep SET %1$s_failures = %1$s_failures + 1,
                                            %1$s_not_before = :until, %1$s_problem = :problem
                                        WHERE repository = :repository
                                        """
                                                .formatted(name))
                                .bind("until", notBefore.toEpochMilli())
                                .bind("problem", problem)
                                .bind("repository", repository.toString())
                                .execute());
    }

    private static String column(Half half) {
        return switch (half) {
            case REFS -> "refs";
            case CHANGES -> "changes";
        };
    }
}
