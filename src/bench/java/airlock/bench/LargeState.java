package airlock.bench;

import airlock.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Makes the database of a server that has made many runs, in the product's own schema: of each
/// run the delivery, request, phases, steps, outputs and statuses, all over. Repositories are
/// `demo:1` to `demo:N`, called `demo/team/r1` to `demo/team/rN`, and `demo:1` has a tenth of all
/// runs. The same numbers make the same state.
///
/// Indexes and triggers are dropped first and made again from their own text at the end, which is
/// several times faster than keeping them.
public final class LargeState {
    /// The time of the first run, in milliseconds since 1970.
    public static final long START = 1_700_000_000_000L;

    /// Between two runs.
    public static final long GAP = 30_000;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID = 20;
    private static final int BATCH = 10_000;

    /// What each run of `seed` has, in an order that appends to each table.
    private static final List<String> ROWS =
            List.of(
                    """
                    INSERT INTO hook_pin (hook, repository, pinned_at)
                    SELECT DISTINCT 'demo/team/r' || repository, 'demo:' || repository, 0 FROM seed
                    """,
                    """
                    INSERT INTO share (repository) SELECT DISTINCT 'demo:' || repository FROM seed
                    """,
                    """
                    INSERT INTO delivery (hook, delivery_id, event_name, received_at, body, body_hash, outcome, request)
                    SELECT 'demo/team/r' || repository, 'delivery-' || i, 'push', made,
                        zeroblob(400), commit_id || 'hash', 'requested', request FROM seed ORDER BY i
                    """,
                    """
                    INSERT INTO request (id, repository, kind, subject, target, before_commit, commit_id, title,
                        author, cause, trust, state, verdict, reason, created_at, ended_at)
                    SELECT request, 'demo:' || repository, 'branch', branch, '', printf('%040x', i - 1), commit_id,
                        'Commit number ' || i, 'ann', 'webhook', 'listed', 'ended', verdict,
                        verdict || ': main', made, made + 20000 FROM seed ORDER BY i
                    """,
                    """
                    INSERT INTO run (id, request, repository, kind, subject, target, commit_id, plan, context, trust,
                        plan_file, plan_text, source, state, verdict, reason, created_at, started_at, ended_at,
                        generation, attempts, log_listed)
                    SELECT run, request, 'demo:' || repository, 'branch', branch, '', commit_id, 'main',
                        'airlock/main', 'listed', '.airlock.yaml', zeroblob(300),
                        '/var/lib/airlock/sources/demo/' || repository || '/' || commit_id || '.tar', 'ended',
                        verdict, '', made, made + 1000, made + 20000, 1, 1, 1 FROM seed ORDER BY i
                    """,
                    """
                    INSERT INTO phase (run, generation, phase, got_line, verdict, reason, isolation, started_at,
                        ended_at, vm_times)
                    SELECT s.run, 1, p.phase, 1, s.verdict, '', 'KVM', s.made + p.after, s.made + p.after + 4000,
                        'clone template=12000 drives=4100 qemu=49000 load=20000 boot=100 work=4000000 end=9000'
                    FROM seed s JOIN (SELECT 'plan' AS phase, 6000 AS after UNION ALL SELECT 'post_plan', 12000
                        UNION ALL SELECT 'pre_plan', 1000) p ORDER BY s.run, p.phase
                    """,
                    """
                    INSERT INTO step (run, generation, phase, step, title, outcome, exit_code, started_us, ended_us,
                        user_us, system_us, peak_kib, log_offset)
                    SELECT s.run, 1, 'plan', n.step, 'shell: make check', 'exited with 0', 0, n.step * 1000000,
                        n.step * 1000000 + 900000, 1000, 1000, 2000, n.step * 4000
                    FROM seed s JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2) n
                    ORDER BY s.run, n.step
                    """,
                    """
                    INSERT INTO blob (run, phase, name, sha256, bytes, repository, kind, subject, trust, private,
                        created_at)
                    SELECT run, 'plan', 'artifacts', commit_id || 'aaaaaaaaaaaaaaaaaaaaaaaa', 5000,
                        'demo:' || repository, 'branch', branch, 'listed', 0, made + 12000 FROM seed ORDER BY run
                    """,
                    """
                    INSERT INTO occurrence (repository, kind, subject, target, before_commit, after_commit,
                        body_hash, request)
                    SELECT 'demo:' || repository, 'branch', branch, '', printf('%040x', i - 1), commit_id,
                        commit_id || 'hash', request FROM seed
                    ORDER BY 'demo:' || repository, branch, printf('%040x', i - 1)
                    """,
                    """
                    INSERT INTO tip (repository, kind, subject, target, commit_id)
                    SELECT 'demo:' || repository, 'branch', branch, '', commit_id
                    FROM (SELECT repository, branch, commit_id, MAX(i) FROM seed GROUP BY repository, branch)
                    """,
                    """
                    INSERT INTO status_outbox (forge, repository, commit_id, context, request, trust, state,
                        description, target, outcome, attempts, created_at, changed_at)
                    SELECT 'demo', 'demo:' || s.repository, s.commit_id, c.context, s.request, 'listed', c.state, c.state,
                        'https://ci.example/requests/' || s.request, 'sent', 1, s.made, s.made + 500
                    FROM seed s JOIN (SELECT 'airlock' AS context, 'pending' AS state
                        UNION ALL SELECT 'airlock/main', 'pending' UNION ALL SELECT 'airlock/main', 'success'
                        UNION ALL SELECT 'airlock', 'success') c ORDER BY s.i
                    """,
                    """
                    INSERT INTO stock
                    SELECT 'logs', repository, id, 4000, ended_at, 0, 0 FROM run ORDER BY repository, id
                    """,
                    """
                    INSERT INTO stock
                    SELECT 'blobs', repository, sha256, bytes, created_at, 0, 0 FROM blob
                    ORDER BY repository, sha256
                    """,
                    """
                    INSERT INTO stock
                    SELECT 'deliveries', hook, CAST(received_at / 86400000 AS TEXT), SUM(LENGTH(body)),
                        MAX(received_at), 0, 0
                    FROM delivery GROUP BY hook, received_at / 86400000
                    """,
                    """
                    INSERT INTO stock_sum
                    SELECT shelf, owner, outside, COUNT(*), SUM(bytes) FROM stock
                    GROUP BY shelf, owner, outside
                    """,
                    """
                    INSERT INTO sweep (repository, due_at)
                    SELECT DISTINCT 'demo:' || repository, 4000000000000 FROM seed
                    """);

    private LargeState() {}

    /// Makes the database `file`, which is not there yet.
    public static void make(Path file, int runs, int repositories) {
        Database.open(file).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            execute(
                    connection,
                    List.of(
                            "PRAGMA journal_mode = OFF",
                            "PRAGMA synchronous = OFF",
                            "PRAGMA cache_size = -200000",
                            "PRAGMA foreign_keys = OFF"));
            var made = made(connection);
            connection.setAutoCommit(false);
            execute(
                    connection,
                    made.stream().map(m -> "DROP " + m.type() + " " + m.name()).toList());
            seed(connection, runs, repositories);
            execute(connection, ROWS);
            execute(connection, List.of("DROP TABLE seed"));
            execute(connection, made.stream().map(Made::sql).toList());
            connection.commit();
            connection.setAutoCommit(true);
            execute(connection, List.of("PRAGMA journal_mode = WAL"));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make " + file, e);
        }
    }

    /// An index or trigger.
    ///
    /// @param sql what made it
    private record Made(String type, String name, String sql) {}

    private static List<Made> made(Connection connection) throws SQLException {
        var found = new ArrayList<Made>();
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index',"
                                        + " 'trigger') AND sql IS NOT NULL AND name NOT LIKE"
                                        + " 'flyway%'")) {
            while (rows.next()) {
                found.add(new Made(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return found;
    }

    private static void seed(Connection connection, int runs, int repositories)
            throws SQLException {
        execute(
                connection,
                List.of(
                        """
                        CREATE TABLE seed (i INTEGER PRIMARY KEY, request TEXT, run TEXT, repository INTEGER,
                            branch TEXT, commit_id TEXT, verdict TEXT, made INTEGER)
                        """));
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        try (var insert =
                connection.prepareStatement("INSERT INTO seed VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int i = 1; i <= runs; i++) {
                insert.setInt(1, i);
                insert.setString(2, id(random));
                insert.setString(3, id(random));
                insert.setInt(
                        4, random.nextInt(10) == 0 ? 1 : 1 + Math.floorMod(i * 31, repositories));
                insert.setString(
                        5,
                        random.nextInt(2) == 0
                                ? "refs/heads/main"
                                : "refs/heads/topic-" + random.nextInt(20));
                insert.setString(6, "%040x".formatted(i));
                insert.setString(7, verdict(random.nextInt(10)));
                insert.setLong(8, START + i * GAP);
                insert.addBatch();
                if (i % BATCH == 0 || i == runs) {
                    int[] _ = insert.executeBatch();
                }
            }
        }
    }

    private static String verdict(int tenth) {
        return switch (tenth) {
            case 0 -> "failed";
            case 1 -> "superseded";
            default -> "passed";
        };
    }

    private static String id(RandomGenerator random) {
        var text = new StringBuilder(ID);
        for (int i = 0; i < ID; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static void execute(Connection connection, List<String> statements)
            throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                boolean _ = statement.execute(sql);
            }
        }
    }

    /// Makes one, for looking at by hand.
    ///
    /// @param arguments the file, how many runs, how many repositories
    public static void main(String[] arguments) throws Exception {
        var rounds = new Rounds("large state", 1);
        Path file = Path.of(arguments[0]);
        double seconds =
                Rounds.seconds(
                        () ->
                                make(
                                        file,
                                        Integer.parseInt(arguments[1]),
                                        Integer.parseInt(arguments[2])));
        rounds.progress(
                "%s runs in %s s, %s bytes"
                        .formatted(arguments[1], Figure.shown(seconds), Files.size(file)));
    }
}
