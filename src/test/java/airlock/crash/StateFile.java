package airlock.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads a server's database from another process.
record StateFile(Connection connection) implements AutoCloseable {
    static StateFile open(Path state) throws SQLException {
        return new StateFile(
                DriverManager.getConnection("jdbc:sqlite:" + state.resolve("airlock.db")));
    }

    /// Opens a copy of a killed server's database, so that the next server finds it untouched.
    static StateFile copied(Path state, Path directory) throws SQLException, IOException {
        Path copy = Files.createTempDirectory(directory, "copy");
        for (String name : List.of("airlock.db", "airlock.db-wal")) {
            if (Files.exists(state.resolve(name))) {
                Files.copy(state.resolve(name), copy.resolve(name));
            }
        }
        return open(copy);
    }

    /// The first column of the rows, as text.
    List<String> texts(String sql, String... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            var texts = new ArrayList<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        }
    }

    /// The phases that must not start again: those that passed, and a post_plan that got its line.
    /// Each as its next VM would appear in [#begun()].
    List<String> spent() throws SQLException {
        return texts(
                """
                SELECT p.run || ' ' || p.phase || ' ' || (r.generation + 1)
                FROM phase p JOIN run r ON r.id = p.run
                WHERE p.verdict = 'passed' OR (p.phase = 'post_plan' AND r.publishing = 1)
                """);
    }

    /// All VMs that were started: run, phase and the generation of the claim.
    List<String> begun() throws SQLException {
        return texts("SELECT run || ' ' || phase || ' ' || generation FROM phase");
    }

    /// Unfinished work.
    List<String> open() throws SQLException {
        return texts(
                """
                SELECT 'request ' || id || ' is ' || state FROM request WHERE state <> 'ended'
                UNION ALL SELECT 'run ' || id || ' is ' || state FROM run WHERE state <> 'ended'
                UNION ALL SELECT 'status ' || context || ' ' || state || ' is ' || outcome
                    FROM status_outbox WHERE outcome NOT IN ('sent', 'withheld')
                """);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
