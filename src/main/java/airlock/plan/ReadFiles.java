package airlock.plan;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Which of the commit's files decide what an action brings. Links are none of them: no action
/// follows one.
///
/// @param any whether all of them may
/// @param paths from the top of the source tree
/// @param names of files in any directory
public record ReadFiles(boolean any, Set<String> paths, Set<String> names) {
    /// All that there is.
    static final ReadFiles ANY = new ReadFiles(true, Set.of(), Set.of());

    /// What the action brings stands in the plan alone.
    public static final ReadFiles NONE = new ReadFiles(false, Set.of(), Set.of());

    public ReadFiles {
        paths = Set.copyOf(paths);
        names = Set.copyOf(names);
    }

    /// What an action looks at that writes at `path`: on its way may be links of the commit's.
    static ReadFiles onTheWayTo(String path) {
        String plain = Path.of(path).normalize().toString();
        return plain.startsWith("/ci/deps/") || plain.startsWith("/ci/cache/") ? NONE : ANY;
    }

    /// Those of both.
    ReadFiles and(ReadFiles others) {
        return new ReadFiles(
                any || others.any, joined(paths, others.paths), joined(names, others.names));
    }

    /// The same, with each path changed.
    ReadFiles map(UnaryOperator<String> change) {
        return new ReadFiles(any, paths.stream().map(change).collect(Collectors.toSet()), names);
    }

    private static Set<String> joined(Set<String> some, Set<String> more) {
        var all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    /// Whether what lies at `path` is one of them.
    public boolean has(String path) {
        return any
                || paths.contains(path)
                || names.contains(path.substring(path.lastIndexOf('/') + 1));
    }
}
