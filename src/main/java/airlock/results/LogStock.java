package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.Stock;
import airlock.event.StockItem;
import airlock.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The logs of runs, each with the consoles of its VMs, as something to remove. The row says that
/// the log is gone before its files go.
public final class LogStock implements Stock {
    private static final Pattern LOG = Pattern.compile("([a-z2-7]{20})\\.log(?:\\.index)?");
    private static final Pattern CONSOLE = Pattern.compile("([a-z2-7]{20})\\.[a-z_]+\\.console");

    private final Database database;
    private final RunLogs logs;
    private final Path consoles;
    private final InstantSource clock;

    /// @param consoles the directory in which VMs' consoles lie, beside other things
    public LogStock(Database database, RunLogs logs, Path consoles, InstantSource clock) {
        this.database = database;
        this.logs = logs;
        this.consoles = consoles;
        this.clock = clock;
    }

    @Override
    public List<StockItem> items() {
        var sizes = new HashMap<String, Long>();
        files().forEach((file, run) -> sizes.merge(run, size(file), Long::sum));
        return database
                .read(
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT id, repository, state, trust,
                                                    COALESCE(ended_at, created_at) AS used
                                                FROM run WHERE log_removed_at = 0
                                                """)
                                        .map(
                                                (rows, _) ->
                                                        new StockItem(
                                                                rows.getString("repository"),
                                                                rows.getString("id"),
                                                                sizes.getOrDefault(
                                                                        rows.getString("id"), 0L),
                                                                Instant.ofEpochMilli(
                                                                        rows.getLong("used")),
                                                                !"ended"
                                                                        .equals(
                                                                                rows.getString(
                                                                                        "state")),
                                                                Instant.MAX,
                                                                rows.getString("trust")
                                                                        .equals("outside")))
                                        .list())
                .stream()
                .filter(item -> item.bytes() > 0)
                .toList();
    }

    @Override
    public boolean remove(StockItem item) {
        boolean marked =
                database.write(
                        handle ->
                                handle.createUpdate(
                                                        """
                                                        UPDATE run SET log_removed_at = :now
                                                        WHERE id = :id AND state = 'ended'
                                                            AND log_removed_at = 0
                                                        """)
                                                .bind("now", clock.millis())
                                                .bind("id", item.key())
                                                .execute()
                                        == 1);
        if (marked) {
            Path log = logs.file(new RunId(item.key()));
            delete(log);
            delete(LogIndex.file(log));
            for (Phase phase : Phase.values()) {
                delete(consoles.resolve(item.key() + "." + phase.key() + ".console"));
            }
        }
        return marked;
    }

    @Override
    public int tidy() {
        var strays = new ArrayList<Path>();
        // the files first: a run that begins now has its row before its file
        var found = files();
        Set<String> named =
                database.read(
                        handle ->
                                new HashSet<>(
                                        handle.createQuery(
                                                        "SELECT id FROM run WHERE log_removed_at ="
                                                                + " 0")
                                                .mapTo(String.class)
                                                .list()));
        found.forEach(
                (file, run) -> {
                    if (!named.contains(run)) {
                        strays.add(file);
                    }
                });
        strays.forEach(LogStock::delete);
        return strays.size();
    }

    /// All logs and consoles, with their runs.
    private Map<Path, String> files() {
        var all = new HashMap<>(matching(logs.directory(), 2, LOG));
        all.putAll(matching(consoles, 1, CONSOLE));
        return all;
    }

    private static Map<Path, String> matching(Path directory, int depth, Pattern name) {
        if (!Files.isDirectory(directory)) {
            return Map.of();
        }
        var found = new HashMap<Path, String>();
        try (Stream<Path> files = Files.walk(directory, depth)) {
            files.forEach(
                    file -> {
                        Matcher matcher = name.matcher(file.getFileName().toString());
                        if (matcher.matches()) {
                            found.put(file, matcher.group(1));
                        }
                    });
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
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

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
