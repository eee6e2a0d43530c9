package airlock.backup;

import airlock.store.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Which files the rows of a database name. It is a copy that no server uses.
final class Snapshot implements AutoCloseable {
    private final Database database;

    /// Opens it, and brings it to this version's schema.
    Snapshot(Path file) {
        this.database = Database.open(file);
    }

    /// The runs whose logs are kept.
    List<String> logs() {
        return column("SELECT id FROM run WHERE log_removed_at = 0 ORDER BY seq");
    }

    /// The hashes of the outputs that are kept.
    List<String> blobs() {
        return column("SELECT DISTINCT sha256 FROM blob WHERE removed_at = 0 ORDER BY sha256");
    }

    /// The source tars of runs that have not ended.
    List<String> sources() {
        return column("SELECT DISTINCT source FROM run WHERE state <> 'ended' ORDER BY source");
    }

    /// Whether anything is sealed with the master key.
    boolean hasSealed() {
        return !column(
                        """
                        SELECT name FROM ssh_key UNION ALL SELECT hook FROM hook_secret
                        UNION ALL SELECT name FROM secret LIMIT 1
                        """)
                .isEmpty();
    }

    private List<String> column(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    /// How many requests and runs have not ended.
    long open() {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT (SELECT COUNT(*) FROM run WHERE state <> 'ended')
                                            + (SELECT COUNT(*) FROM request
                                                WHERE state IN ('queued', 'claimed'))
                                        """)
                                .mapTo(Long.class)
                                .one());
    }

    /// Writes down that the logs of ended runs are not there; a run that has not ended begins anew.
    void forgetLogs(Instant now) {
        update(
                "UPDATE run SET log_removed_at = ? WHERE log_removed_at = 0 AND state = 'ended'",
                now.toEpochMilli());
    }

    /// Writes down that an output is not there.
    void forgetBlob(String hash, Instant now) {
        update(
                "UPDATE blob SET removed_at = ? WHERE sha256 = ? AND removed_at = 0",
                now.toEpochMilli(),
                hash);
    }

    /// Makes rows fit a state directory that lay elsewhere: where source tars are. What a forge was
    /// about to be told it may have heard since, so it is asked first.
    void moved(Path from, Path to) {
        update(
                "UPDATE run SET source = ? || SUBSTR(source, ?) WHERE SUBSTR(source, 1, ?) = ?",
                to + "/",
                (from + "/").length() + 1,
                (from + "/").length(),
                from + "/");
        update(
                "UPDATE status_outbox SET outcome = 'unknown' WHERE outcome IN ('waiting', 'sending')");
    }

    private void update(String sql, Object... values) {
        database.write(handle -> handle.execute(sql, values));
    }

    @Override
    public void close() {
        database.close();
    }
}
