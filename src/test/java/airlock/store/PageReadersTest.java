package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.TooSlowException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages have a deadline and connections of their own.
class PageReadersTest {
    @TempDir Path folder;

    private Database open(Duration patience) {
        return Database.open(folder.resolve("airlock.db"), () -> Long.MAX_VALUE, patience);
    }

    private static long count(Handle handle, long to) {
        return handle.createQuery(
                        """
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :to)
                        SELECT COUNT(*) FROM n
                        """)
                .bind("to", to)
                .mapTo(Long.class)
                .one();
    }

    /// All connections are interrupted before any is used again: they take turns, so that one after
    /// the other would never use an interrupted one. The deadline is long enough for a count on a
    /// loaded machine.
    @Test
    void aPageQueryEndsAtItsDeadlineAndLeavesAUsableConnection() throws Exception {
        try (var database = open(Duration.ofSeconds(3));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var endless = new ArrayList<Future<Long>>();
            for (int i = 0; i < Database.PAGES; i++) {
                endless.add(
                        threads.submit(
                                () -> database.readPage(handle -> count(handle, Long.MAX_VALUE))));
            }
            for (var query : endless) {
                assertThatThrownBy(query::get)
                        .hasCauseInstanceOf(TooSlowException.class)
                        .hasMessageContaining("within 3000 ms");
            }
            for (int i = 0; i < Database.PAGES; i++) {
                long counted = database.readPage(handle -> count(handle, 1_000));
                assertThat(counted).isEqualTo(1_000);
            }
        }
    }

    @Test
    void pagesThatHoldAllTheirConnectionsHoldUpNoWork() throws Exception {
        var over = new CountDownLatch(1);
        var inside = new CountDownLatch(Database.PAGES);
        try (var database = open(Duration.ofMillis(200));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Database.PAGES; i++) {
                threads.execute(
                        () -> {
                            boolean _ =
                                    database.readPage(
                                            _ -> {
                                                inside.countDown();
                                                return awaited(over);
                                            });
                        });
            }
            inside.await();
            assertThatThrownBy(() -> database.readPage(handle -> count(handle, 1)))
                    .isInstanceOf(TooSlowException.class);
            long counted = database.read(handle -> count(handle, 7));
            assertThat(counted).isEqualTo(7);
            database.probe();
            over.countDown();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
