package airlock.source;

import java.nio.file.Path;
import java.util.List;

/// The outcome of packing a directory.
public sealed interface Local permits Local.Packed, Refused {
    /// It is packed.
    ///
    /// @param tar in the dialect of [Source#tar()]; a clean checkout gives the same bytes as its
    ///     commit
    /// @param sha256 the tar's SHA-256, 64 lower-case hex digits
    /// @param bytes the tar's length
    /// @param planFiles the wanted plan files that exist, in the order of the request
    /// @param submodules the paths of the submodules: empty directories in the tar
    /// @param uncommitted the paths of packed or deleted files that differ from the checked-out
    ///     commit, sorted; empty if the directory is not a git repository
    /// @param skipped the paths of sockets, pipes and devices
    record Packed(
            Path tar,
            String sha256,
            long bytes,
            List<CommitFile> planFiles,
            List<String> submodules,
            List<String> uncommitted,
            List<String> skipped)
            implements Local {
        public Packed {
            planFiles = List.copyOf(planFiles);
            submodules = List.copyOf(submodules);
            uncommitted = List.copyOf(uncommitted);
            skipped = List.copyOf(skipped);
        }
    }
}
