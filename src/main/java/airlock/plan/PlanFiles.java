package airlock.plan;

import java.util.Optional;

/// The files of one commit, as far as a plan's reader needs them.
@FunctionalInterface
public interface PlanFiles {
    /// The bytes of the regular file at `path` (from the top of the source tree, `/` between
    /// names), nothing where there is none. Bytes after the first [PlanReader#LARGEST] `+ 1` may be
    /// left out: such a file is refused for its size.
    Optional<byte[]> find(String path);
}
