package airlock.results;

import airlock.base.Json;
import airlock.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/// Removes files that no row names, in batches, so that millions of files need little memory.
final class Strays {
    private static final int BATCH = 500;

    private Strays() {}

    /// Returns how many files it removed.
    ///
    /// @param rows table and condition that select the rows of a file's name, which is `value`
    /// @param depth of the files below `directory`
    /// @param name of the files; its first group is the name in rows
    /// @param removal removes a file of that name; returns whether it did
    static int remove(
            Database database,
            String rows,
            Path directory,
            int depth,
            Pattern name,
            BiPredicate<Path, String> removal) {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        int removed = 0;
        var batch = new HashMap<Path, String>();
        try (var files = Files.walk(directory, depth)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                var matcher = name.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    batch.put(file, matcher.group(1));
                }
                if (batch.size() == BATCH) {
                    removed += remove(database, rows, batch, removal);
                    batch.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return removed + remove(database, rows, batch, removal);
    }

    private static int remove(
            Database database,
            String rows,
            Map<Path, String> batch,
            BiPredicate<Path, String> removal) {
        var strays = unnamed(database, rows, Set.copyOf(batch.values()));
        return (int)
                batch.entrySet().stream()
                        .filter(file -> strays.contains(file.getValue()))
                        .filter(file -> removal.test(file.getKey(), file.getValue()))
                        .count();
    }

    private static Set<String> unnamed(Database database, String rows, Set<String> names) {
        String sql =
                "SELECT value FROM json_each(:names) WHERE NOT EXISTS (SELECT 1 FROM " + rows + ")";
        return database.read(
                handle ->
                        handle.createQuery(sql)
                                .bind("names", Json.MAPPER.writeValueAsString(names))
                                .mapTo(String.class)
                                .set());
    }
}
