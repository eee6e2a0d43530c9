package airlock.source;

import java.nio.file.Path;
import java.util.List;

/// What came of packing a directory.
public sealed interface Local permits Local.Packed, Refused {
    /// It is packed.
    ///
    /// @param tar in the same dialect as [Source#tar()]; a clean checkout gives the very bytes
    ///     that its commit gives
    /// @param sha256 the tar's SHA-256, 64 lower-case hex digits
    /// @param bytes the tar's length
    /// @param planFiles those of the wanted plan files that are there, in the order asked for
    /// @param submodules the paths of the submodules: empty directories in the tar
    /// @param uncommitted the paths of packed or deleted files that differ from the checked-out
    ///     commit, sorted; empty where the directory is no git repository
    /// @param skipped the paths of what is neither file, directory nor symbolic link
    record Packed(
            Path tar,
            String sha256,
            long bytes,
            List<PlanFile> planFiles,
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
