package airlock.queue;

import airlock.store.Database;
import java.nio.file.Path;

final class SqliteTurnsTest extends TurnsContract {
    @Override
    Database open(Path directory) {
        return Database.open(directory.resolve("state.db"));
    }
}
