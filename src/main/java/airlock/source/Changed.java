package airlock.source;

import java.util.List;

/// Which files differ between two commits.
public sealed interface Changed extends Answer
        permits Changed.Paths, Changed.Unknown, Refused, Unreachable {
    /// These, from the top of the tree, `/` between names.
    record Paths(List<String> paths) implements Changed {
        public Paths {
            paths = List.copyOf(paths);
        }
    }

    /// It can't be told: the forge has one of them no more, or too much differs.
    record Unknown(String why) implements Changed {}
}
