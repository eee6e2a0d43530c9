package airlock.results;

import airlock.event.Phase;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.event.RunId;
import airlock.results.RunLog.LogIndex;
import airlock.store.Database;
import airlock.store.PrunableRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// Removes the logs of runs with the consoles of their VMs. The run's row is marked before the
/// files are removed.
public final class PrunableLogs implements Prunable {
    private static final int PAGE = 500;
    private static final Pattern LOG = Pattern.compile("([a-z2-7]{20})\\.log(?:\\.index)?");
    private static final Pattern CONSOLE = Pattern.compile("([a-z2-7]{20})\\.[a-z_]+\\.console");

    private static final String ROWS = "run WHERE id = value AND log_removed_at = 0";

    private final Database database;
    private final RunLogs logs;
    private final Path consoles;
    private final InstantSource clock;

    /// @param consoles directory with the consoles of VMs and other files
    public PrunableLogs(Database database, RunLogs logs, Path consoles, InstantSource clock) {
        this.database = database;
        this.logs = logs;
        this.consoles = consoles;
        this.clock = clock;
    }

    /// Also adds rows for the logs of runs that have ended since the last call, since only now
    /// their sizes are final.
    @Override
    public PrunableLook look() {
        while (listEnded() == PAGE) {
            // the next page
        }
        return new PrunableRows(database, "logs");
    }

    private record Ended(
            long seq, String id, String repository, boolean outside, long used, long bytes) {}

    private int listEnded() {
        var ended =
                database.select(
                        (rows, _) -> ended(rows),
                        """
                        SELECT seq, id, repository, trust = 'outside' AS outside,
                            COALESCE(ended_at, created_at) AS used
                        FROM run WHERE log_listed = 0 AND state = 'ended' AND log_removed_at = 0
                        ORDER BY seq LIMIT ?
                        """,
                        PAGE);
        if (!ended.isEmpty()) {
            int _ = database.write(handle -> list(handle, ended));
        }
        return ended.size();
    }

    private Ended ended(ResultSet rows) throws SQLException {
        String id = rows.getString("id");
        return new Ended(
                rows.getLong("seq"),
                id,
                rows.getString("repository"),
                rows.getBoolean("outside"),
                rows.getLong("used"),
                files(id).mapToLong(PrunableLogs::size).sum());
    }

    private static int list(Handle handle, List<Ended> ended) {
        for (var run : ended) {
            if (run.bytes() > 0) {
                handle.execute(
                        "INSERT INTO stock VALUES ('logs', ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
                        run.repository(),
                        run.id(),
                        run.bytes(),
                        run.used(),
                        run.outside());
            }
            handle.execute("UPDATE run SET log_listed = 1 WHERE seq = ?", run.seq());
        }
        return ended.size();
    }

    @Override
    public boolean remove(PrunableItem item) {
        boolean marked =
                database.write(
                        handle ->
                                handle.execute(
                                                """
                                                UPDATE run SET log_removed_at = ?
                                                WHERE id = ? AND state = 'ended'
                                                    AND log_removed_at = 0
                                                """,
                                                clock.millis(),
                                                item.key())
                                        == 1);
        if (marked) {
            files(item.key()).forEach(PrunableLogs::delete);
        }
        return marked;
    }

    /// The files that a run may have: its log, the log's index, and the consoles of its VMs.
    private Stream<Path> files(String run) {
        Path log = logs.file(new RunId(run));
        return Stream.concat(
                Stream.of(log, LogIndex.file(log)),
                Stream.of(Phase.values())
                        .map(phase -> consoles.resolve(run + "." + phase.key() + ".console")));
    }

    /// Safe for new runs: a run has its row before its files.
    @Override
    public int tidy() {
        return Strays.remove(database, ROWS, logs.directory(), 2, LOG, PrunableLogs::deleted)
                + Strays.remove(database, ROWS, consoles, 1, CONSOLE, PrunableLogs::deleted);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // gone since it was listed
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the size of " + file, e);
        }
    }

    private static boolean deleted(Path file, String run) {
        delete(file);
        return true;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
