package airlock.queue;

import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What the contracts of the queue share: a database that a subclass opens, and one server on it.
abstract class QueueContract {
    static final NewRun MAIN =
            NewRun.own(
                    "main",
                    "",
                    ".airlock.yaml",
                    "plan: []".getBytes(StandardCharsets.UTF_8),
                    "/tars/x.tar");

    @TempDir Path directory;
    Database database;
    QueueFixture queue;
    Claims server;

    abstract Database open(Path directory);

    @BeforeEach
    void openIt() {
        database = open(directory);
        queue = new QueueFixture(database);
        server = queue.server("one");
    }

    @AfterEach
    void closeIt() {
        database.close();
    }
}
