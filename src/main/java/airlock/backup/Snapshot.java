package airlock.backup;

import airlock.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// The database of a backup, which no server uses: finds the files that its rows name.
final class Snapshot implements AutoCloseable {
    private static final int TOGETHER = 1000;

    private final Database database;

    /// Opens the database and migrates it to this version's schema.
    Snapshot(Path file) {
        this.database = Database.open(file);
    }

    /// Passes the runs whose logs are kept to `each`, [#TOGETHER] at a time.
    void logs(Pages each) throws IOException {
        pages(
                """
                SELECT id FROM run WHERE id > :after AND log_removed_at = 0
                ORDER BY id LIMIT :most
                """,
                each);
    }

    /// Passes the hashes of the outputs that are kept to `each`, [#TOGETHER] at a time.
    void blobs(Pages each) throws IOException {
        pages(
                """
                SELECT DISTINCT sha256 FROM blob WHERE removed_at = 0 AND sha256 > :after
                ORDER BY sha256 LIMIT :most
                """,
                each);
    }

    private void pages(String sql, Pages each) throws IOException {
        List<String> page = List.of("");
        do {
            String after = page.getLast();
            page =
                    database.read(
                            handle ->
                                    handle.createQuery(sql)
                                            .bind("after", after)
                                            .bind("most", TOGETHER)
                                            .mapTo(String.class)
                                            .list());
            each.take(page);
        } while (page.size() == TOGETHER);
    }

    /// Takes one page of names.
    @FunctionalInterface
    interface Pages {
        void take(List<String> names) throws IOException;
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

    /// The number of requests and runs that have not ended.
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

    /// Records the logs of ended runs as removed; other runs will start again.
    void forgetLogs(Instant now) {
        update(
                "UPDATE run SET log_removed_at = ? WHERE log_removed_at = 0 AND state = 'ended'",
                now.toEpochMilli());
    }

    /// Records outputs as removed.
    void forgetBlobs(List<String> hashes, Instant now) {
        update(
                """
                UPDATE blob SET removed_at = ?
                WHERE removed_at = 0 AND sha256 IN (SELECT value FROM json_each(?))
                """,
                now.toEpochMilli(),
                hashes.stream().collect(Collectors.joining("\",\"", "[\"", "\"]")));
    }

    /// Adapts the rows to a new state directory: the paths of source tars. Open statuses may have
    /// reached the forge since the backup, so they become `unknown`, and the forge is asked first.
    void moved(Path from, Path to) {
        update(
                "UPDATE run SET source = ? || SUBSTR(source, ?) WHERE SUBSTR(source, 1, ?) = ?",
                to + "/",
                (from + "/").length() + 1,
                (from + "/").length(),
                from + "/");
        update(
                "UPDATE status_outbox SET outcome = 'unknown' WHERE outcome IN ('waiting',"
                        + " 'sending')");
    }

    private void update(String sql, Object... values) {
        database.write(handle -> handle.execute(sql, values));
    }

    @Override
    public void close() {
        database.close();
    }
}
