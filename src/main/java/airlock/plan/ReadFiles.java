package airlock.plan;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The commit's files that an action's result depends on. Links don't count: no action follows one.
///
/// @param any whether it depends on all of them
/// @param paths from the top of the source tree
/// @param names of files in any directory
public record ReadFiles(boolean any, Set<String> paths, Set<String> names) {
    static final ReadFiles ANY = new ReadFiles(true, Set.of(), Set.of());

    /// The result depends on the plan alone.
    public static final ReadFiles NONE = new ReadFiles(false, Set.of(), Set.of());

    public ReadFiles {
        paths = Set.copyOf(paths);
        names = Set.copyOf(names);
    }

    /// The files that matter to an action that writes at `path`: links of the commit can redirect
    /// it.
    static ReadFiles onTheWayTo(String path) {
        String plain = Path.of(path).normalize().toString();
        return plain.startsWith("/ci/deps/") || plain.startsWith("/ci/cache/") ? NONE : ANY;
    }

    ReadFiles and(ReadFiles others) {
        return new ReadFiles(
                any || others.any, joined(paths, others.paths), joined(names, others.names));
    }

    ReadFiles map(UnaryOperator<String> change) {
        return new ReadFiles(any, paths.stream().map(change).collect(Collectors.toSet()), names);
    }

    private static Set<String> joined(Set<String> some, Set<String> more) {
        var all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    public boolean has(String path) {
        return any
                || paths.contains(path)
                || names.contains(path.substring(path.lastIndexOf('/') + 1));
    }
}
