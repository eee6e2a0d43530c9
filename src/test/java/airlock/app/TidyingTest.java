package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import airlock.bench.LargeState;
import airlock.bench.Tidying;
import airlock.store.Database;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// A look of the janitor costs what it removes, not what is kept.
final class TidyingTest {
    private static final int REPOSITORIES = 10;

    @TempDir Path directory;
    private final Logger logger = (Logger) LoggerFactory.getLogger("airlock.store.statements");
    private final Statements statements = new Statements();

    /// Counts statements; each of the janitor's reads a page at most.
    private static final class Statements extends AppenderBase<ILoggingEvent> {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        protected void append(ILoggingEvent event) {
            count.incrementAndGet();
        }
    }

    @AfterEach
    void leave() {
        logger.detachAppender(statements);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private int statements(int runs) throws Exception {
        Path state = Files.createDirectories(directory.resolve("runs-" + runs));
        Path file = state.resolve("airlock.db");
        LargeState.make(file, runs, REPOSITORIES);
        try (var database = Database.open(file)) {
            var tidying = new Tidying(database, state);
            tidying.look();
            int before = left(database);
            int made = statements.count.get();
            tidying.look();
            int counted = statements.count.get() - made;
            assertThat(before - left(database)).as("removed in an hour").isEqualTo(2 * 120);
            return counted;
        }
    }

    private static int left(Database database) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        "SELECT SUM(items) FROM stock_sum WHERE shelf <>"
                                                + " 'deliveries'")
                                .mapTo(Integer.class)
                                .one());
    }

    @Test
    void aLookMakesNoMoreStatementsOverTenTimesAsManyRuns() throws Exception {
        statements.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        logger.addAppender(statements);

        int few = statements(1_000);

        assertThat(statements(10_000)).isCloseTo(few, within(30));
    }

    @Test
    void sumsAreThoseOfTheRows() throws Exception {
        Path state = Files.createDirectories(directory.resolve("state"));
        Path file = state.resolve("airlock.db");
        LargeState.make(file, 500, REPOSITORIES);
        try (var database = Database.open(file)) {
            new Tidying(database, state).look();
            String rows =
                    "SELECT shelf || owner || outside || COUNT(*) || ' ' || SUM(bytes) FROM stock"
                            + " GROUP BY shelf, owner, outside ORDER BY 1";
            String sums =
                    "SELECT shelf || owner || outside || items || ' ' || bytes FROM stock_sum"
                            + " WHERE items > 0 ORDER BY 1";
            assertThat(texts(database, sums)).isNotEmpty().isEqualTo(texts(database, rows));
            assertThat(texts(database, "SELECT item FROM stock WHERE shelf = 'logs' ORDER BY 1"))
                    .isEqualTo(
                            texts(
                                    database,
                                    "SELECT id FROM run WHERE log_removed_at = 0 ORDER BY 1"));
        }
    }

    private static List<String> texts(Database database, String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
