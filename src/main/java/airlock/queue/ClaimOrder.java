package airlock.queue;

import airlock.event.RepositoryId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/// Decides which waiting work is next (T11): code that may be from outside comes after all other;
/// among repositories, the one that was served longest ago; within a repository, the oldest. A ref
/// or change request has one claimed request at a time, and one run of each plan and cell, or a
/// single run if its code is from outside.
///
/// Costs one index lookup for each repository, however much work waits.
final class ClaimOrder {
    private static final String NEXT_REQUEST =
            """
            SELECT seq, repository FROM (
                SELECT s.repository, s.request_turn AS turn, (
                    SELECT r.seq FROM request r
                    WHERE r.repository = s.repository AND r.state = 'queued' AND r.not_before = 0
                        AND (r.kind = 'change') = :stranger
                        AND NOT EXISTS (SELECT 1 FROM request o
                            WHERE o.state = 'claimed' AND o.repository = r.repository
                                AND o.kind = r.kind AND o.subject = r.subject)
                    ORDER BY r.seq LIMIT 1) AS seq
                FROM share s WHERE s.fetches_from <= :now
                    AND s.repository >= :first AND s.repository < :last)
            WHERE seq IS NOT NULL ORDER BY turn, seq LIMIT 1
            """;
    private static final String NEXT_RUN =
            """
            SELECT seq, repository FROM (
                SELECT s.repository, s.run_turn AS turn, (
                    SELECT r.seq FROM run r
                    WHERE r.repository = s.repository AND r.state = 'queued' AND r.not_before = 0
                        AND (r.trust = 'outside') = :stranger
                        AND NOT EXISTS (SELECT 1 FROM run o
                            WHERE o.state = 'claimed' AND o.repository = r.repository
                                AND o.kind = r.kind AND o.subject = r.subject
                                AND (:stranger OR o.plan = r.plan AND o.cell = r.cell))
                    ORDER BY r.seq LIMIT 1) AS seq
                FROM share s)
            WHERE seq IS NOT NULL ORDER BY turn, seq LIMIT 1
            """;

    /// All forges; a forge's name is never empty.
    static final String ANY_FORGE = "";

    private ClaimOrder() {}

    /// Adds `repository` to the rotation.
    static void join(Handle handle, String repository) {
        handle.execute(
                "INSERT INTO share (repository) VALUES (?) ON CONFLICT DO NOTHING", repository);
    }

    /// The next request at `forge`: a push, or if none waits and `changesToo`, a change request.
    static OptionalLong request(Handle handle, String forge, boolean changesToo, Instant now) {
        var push = takeRequest(handle, 0, forge, now);
        return push.isPresent() || !changesToo ? push : takeRequest(handle, 1, forge, now);
    }

    private static OptionalLong takeRequest(
            Handle handle, int isChange, String forge, Instant now) {
        var query =
                within(handle.createQuery(NEXT_REQUEST), forge)
                        .bind("stranger", isChange)
                        .bind("now", now.toEpochMilli());
        return take(handle, query, "request_turn");
    }

    static void pause(
            Handle handle, Planning.Paused paused, RepositoryId repository, Instant until) {
        switch (paused) {
            case REPOSITORY ->
                    handle.execute(
                            "UPDATE share SET fetches_from = ? WHERE repository = ?",
                            until.toEpochMilli(),
                            repository.toString());
            case FORKS -> pauseForks(handle, repository, until);
            case FORGE -> pauseForge(handle, repository.forge(), until);
        }
    }

    private static void pauseForks(Handle handle, RepositoryId repository, Instant until) {
        handle.createUpdate(
                        """
                        UPDATE request INDEXED BY request_open SET not_before = :until
                        WHERE repository = :repository AND kind = 'change' AND state <> 'ended'
                            AND state = 'queued' AND not_before < :until
                            AND NOT EXISTS (SELECT 1 FROM change_head h
                                WHERE h.repository = request.repository
                                    AND h.number = request.subject AND h.branch <> '')
                        """)
                .bind("until", until.toEpochMilli())
                .bind("repository", repository.toString())
                .execute();
    }

    private static void pauseForge(Handle handle, String forge, Instant until) {
        within(
                        handle.createUpdate(
                                """
                                UPDATE share SET fetches_from = MAX(fetches_from, :until)
                                WHERE repository >= :first AND repository < :last
                                """),
                        forge)
                .bind("until", until.toEpochMilli())
                .execute();
    }

    /// Binds the range of a forge's repository keys, `FORGE:ID`.
    private static <S extends SqlStatement<S>> S within(S statement, String forge) {
        boolean any = forge.equals(ANY_FORGE);
        return statement
                .bind("first", any ? "" : forge + ":")
                .bind("last", any ? "\uffff" : forge + (char) (':' + 1));
    }

    static Set<String> forges(Handle handle) {
        return handle.createQuery(
                        "SELECT DISTINCT substr(repository, 1, instr(repository, ':') - 1) FROM"
                                + " share")
                .mapTo(String.class)
                .set();
    }

    static OptionalLong run(Handle handle) {
        var inside = take(handle, runs(handle, 0), "run_turn");
        return inside.isPresent() ? inside : take(handle, runs(handle, 1), "run_turn");
    }

    /// Whether a run could be claimed whose code is not from outside.
    static boolean insideWaits(Handle handle) {
        return find(runs(handle, 0)).isPresent();
    }

    private static Query runs(Handle handle, int fromOutside) {
        return handle.createQuery(NEXT_RUN).bind("stranger", fromOutside);
    }

    private record Next(long seq, String repository) {}

    private static OptionalLong take(Handle handle, Query query, String turn) {
        var next = find(query);
        if (next.isEmpty()) {
            return OptionalLong.empty();
        }
        handle.execute(
                "UPDATE share SET %1$s = (SELECT MAX(%1$s) + 1 FROM share) WHERE repository = ?"
                        .formatted(turn),
                next.get().repository());
        return OptionalLong.of(next.get().seq());
    }

    private static Optional<Next> find(Query query) {
        return query.map((rows, _) -> new Next(rows.getLong(1), rows.getString(2))).findOne();
    }
}
