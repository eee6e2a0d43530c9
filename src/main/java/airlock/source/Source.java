package airlock.source;

import airlock.event.CommitId;
import java.nio.file.Path;
import java.util.List;

/// A commit's files as a tar, and what is known about them.
///
/// @param tar the tar; ustar with PAX headers for `path`, `linkpath` and `size`, its bytes a
///     function of the tree alone. It is the cache's file: read it, never write or move it
/// @param sha256 the tar's SHA-256, 64 lower-case hex digits
/// @param bytes the tar's length
/// @param tree the id of the commit's tree
/// @param commit the commit itself, where the event named a tag object
/// @param message the commit's message, of a long one its beginning and its end; foreign text
/// @param tip where the ref pointed when the forge was asked, [CommitId#NONE] where it is gone
/// @param planFiles those of the wanted plan files that the commit has, in the order asked for
/// @param submodules the paths of the submodules: empty directories in the tar
public record Source(
        Path tar,
        String sha256,
        long bytes,
        String tree,
        CommitId commit,
        String message,
        CommitId tip,
        List<PlanFile> planFiles,
        List<String> submodules)
        implements Fetched {
    public Source {
        planFiles = List.copyOf(planFiles);
        submodules = List.copyOf(submodules);
    }
}
