package airlock.source;

import java.util.List;

/// The files that differ between two commits.
public sealed interface Changed extends Answer
        permits Changed.Paths, Changed.Unknown, Refused, Unreachable {
    record Paths(List<String> paths) implements Changed {
        public Paths {
            paths = List.copyOf(paths);
        }
    }

    /// Unknown: the forge no longer has one of the commits, or too much differs.
    record Unknown(String why) implements Changed {}
}
