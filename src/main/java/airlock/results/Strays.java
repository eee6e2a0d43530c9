package airlock.results;

import airlock.base.Json;
import airlock.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

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
        try (var files = Files.walk(directory, depth)) {
            return (int)
                    files.flatMap(file -> named(file, name))
                            .gather(Gatherers.windowFixed(BATCH))
                            .flatMap(batch -> strays(database, rows, batch))
                            .filter(stray -> removal.test(stray.getKey(), stray.getValue()))
                            .count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static Stream<Map.Entry<Path, String>> named(Path file, Pattern name) {
        return Stream.of(name.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .map(matcher -> Map.entry(file, matcher.group(1)));
    }

    private static Stream<Map.Entry<Path, String>> strays(
            Database database, String rows, List<Map.Entry<Path, String>> batch) {
        String sql = "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM " + rows + ")";
        String names =
                Json.MAPPER.writeValueAsString(
                        batch.stream().map(Map.Entry::getValue).distinct().toList());
        var unnamed = database.read(handle -> handle.select(sql, names).mapTo(String.class).set());
        return batch.stream().filter(file -> unnamed.contains(file.getValue()));
    }
}
