package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A page whose question to the database has no end is refused, and others are answered meanwhile.
final class PageDeadlineTest {
    @TempDir Path directory;

    /// Puts a view without an end in place of the runs.
    private void makeRunsEndless() throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + directory.resolve("state/airlock.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            String columns;
            try (var names =
                    statement.executeQuery(
                            """
                            SELECT group_concat('i AS ' || name)
                            FROM pragma_table_info('run')
                            """)) {
                columns = names.getString(1);
            }
            statement.execute("ALTER TABLE run RENAME TO kept_run");
            statement.execute(
                    """
                    CREATE VIEW run AS
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                    SELECT %s FROM n
                    """
                            .formatted(columns));
        }
    }

    @Test
    void aPageAndAnAnswerOfTheApiThatTakeTooLongAre503WithRetryAfter() throws Exception {
        try (var forge = LoopbackForge.start(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try (var bot = Bot.quick(directory, forge, new FakeVmHost(), "id: 7")) {
                assertThat(bot.get("/", "").statusCode()).isEqualTo(200);
                makeRunsEndless();
                var slow =
                        threads.invokeAll(
                                List.<Callable<HttpResponse<String>>>of(
                                        () -> bot.get("/", ""),
                                        () -> bot.get("/api/v1/runs", ""),
                                        () -> bot.get("/healthz", "")));
                for (var refused : slow.subList(0, 2)) {
                    assertThat(refused.get().statusCode()).isEqualTo(503);
                    assertThat(refused.get().headers().firstValue("Retry-After")).isPresent();
                }
                assertThat(slow.getLast().get().statusCode()).isEqualTo(200);
            }
        }
    }
}
