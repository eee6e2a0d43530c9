package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {
    private static final int PIECES = 300;
    private static final int BYTES = 10_000;

    @TempDir Path directory;

    @Test
    void whatIsCommittedReachesTheFileWhileTheDatabaseIsOpen() throws Exception {
        Path file = directory.resolve("state.db");
        try (var database = Database.open(file)) {
            var _ = database.write(h -> h.execute("CREATE TABLE piece (body BLOB NOT NULL)"));
            long before = Files.size(file);
            for (int i = 0; i < PIECES; i++) {
                var _ =
                        database.write(
                                h -> h.execute("INSERT INTO piece VALUES (zeroblob(?))", BYTES));
            }

            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () ->
                                    assertThat(Files.size(file) - before)
                                            .isGreaterThan((long) PIECES * BYTES * 2 / 3));
            assertThat(count(database)).isEqualTo(PIECES);
        }
        try (var again = Database.open(file)) {
            assertThat(count(again)).isEqualTo(PIECES);
        }
    }

    private static int count(Database database) {
        return database.read(
                h -> h.createQuery("SELECT COUNT(*) FROM piece").mapTo(Integer.class).one());
    }
}
