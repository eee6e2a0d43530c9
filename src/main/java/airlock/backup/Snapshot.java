package airlock.backup;

import airlock.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Which files the rows of a database name. It is a copy that no server uses.
final class Snapshot implements AutoCloseable {
    private static final int TOGETHER = 1000;

    private final Database database;

    /// Opens it, and brings it to this version's schema.
    Snapshot(Path file) {
        this.database = Database.open(file);
    }

    /// Does `each` with the runs whose logs are kept, [#TOGETHER] at a time.
    void logs(Pages each) throws IOException {
        long last = 0;
        while (true) {
            long after = last;
            var page =
                    database.read(
                            handle ->
                                    handle.createQuery(
                                                    """
                                                    SELECT seq, id FROM run
                                                    WHERE seq > :after AND log_removed_at = 0
                                                    ORDER BY seq LIMIT :most
                                                    """)
                                            .bind("after", after)
                                            .bind("most", TOGETHER)
                                            .map(
                                                    (rows, _) ->
                                                            Map.entry(
                                                                    rows.getLong(1),
                                                                    rows.getString(2)))
                                            .list());
            each.take(page.stream().map(Map.Entry::getValue).toList());
            if (page.size() < TOGETHER) {
                return;
            }
            last = page.getLast().getKey();
        }
    }

    /// The same with the hashes of the outputs that are kept.
    void blobs(Pages each) throws IOException {
        String last = "";
        while (true) {
            String after = last;
            var page =
                    database.read(
                            handle ->
                                    handle.createQuery(
                                                    """
                                                    SELECT DISTINCT sha256 FROM blob
                                                    WHERE removed_at = 0 AND sha256 > :after
                                                    ORDER BY sha256 LIMIT :most
                                                    """)
                                            .bind("after", after)
                                            .bind("most", TOGETHER)
                                            .mapTo(String.class)
                                            .list());
            each.take(page);
            if (page.size() < TOGETHER) {
                return;
            }
            last = page.getLast();
        }
    }

    /// Takes some of many names.
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

    /// Writes down that outputs are not there.
    void forgetBlobs(List<String> hashes, Instant now) {
        update(
                """
                UPDATE blob SET removed_at = ?
                WHERE removed_at = 0 AND sha256 IN (SELECT value FROM json_each(?))
                """,
                now.toEpochMilli(),
                hashes.stream().collect(Collectors.joining("\",\"", "[\"", "\"]")));
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
