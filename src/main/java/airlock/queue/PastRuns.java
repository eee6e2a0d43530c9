package airlock.queue;

import airlock.event.RunId;
import airlock.store.Database;
import java.util.Optional;

/// Runs as they were when they were claimed last; only for looking at.
public final class PastRuns {
    private final Database database;

    public PastRuns(Database database) {
        this.database = database;
    }

    /// One that has ended; empty where there is none.
    public Optional<ClaimedRun> find(RunId run) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT * FROM run WHERE id = :id AND state = 'ended'")
                                .bind("id", run.text())
                                .map((rows, _) -> Claims.claimedRun(handle, rows))
                                .findOne());
    }
}
