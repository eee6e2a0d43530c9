package airlock.queue;

import airlock.store.Database;
import java.nio.file.Path;

final class SqliteIntakeTest extends IntakeContract {
    @Override
    Database open(Path directory) {
        return Database.open(directory.resolve("state.db"));
    }
}
