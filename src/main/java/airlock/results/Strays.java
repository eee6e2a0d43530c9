package airlock.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Removes files that no row names, in batches, so that millions of files take no more memory than
/// a few.
final class Strays {
    private static final int TOGETHER = 500;

    private Strays() {}

    /// Returns how many were removed.
    ///
    /// @param depth how deep files lie below `directory`
    /// @param name of those that count; its first group is the name that rows have
    /// @param unnamed those of some names that no row has
    /// @param removal removes a file of that name; says whether it did
    static int remove(
            Path directory,
            int depth,
            Pattern name,
            UnaryOperator<Set<String>> unnamed,
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
                if (batch.size() == TOGETHER) {
                    removed += remove(batch, unnamed, removal);
                    batch.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return removed + remove(batch, unnamed, removal);
    }

    private static int remove(
            Map<Path, String> batch,
            UnaryOperator<Set<String>> unnamed,
            BiPredicate<Path, String> removal) {
        var strays = batch.isEmpty() ? Set.of() : unnamed.apply(Set.copyOf(batch.values()));
        return (int)
                batch.entrySet().stream()
                        .filter(file -> strays.contains(file.getValue()))
                        .filter(file -> removal.test(file.getKey(), file.getValue()))
                        .count();
    }

    /// Names that need no escapes, as a JSON array.
    static String json(Set<String> names) {
        return names.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }
}
