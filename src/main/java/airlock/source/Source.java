package airlock.source;

import airlock.event.CommitId;
import java.nio.file.Path;
import java.util.List;

/// A commit's files as a tar, with facts about them.
///
/// @param tar ustar with PAX headers for `path`, `linkpath` and `size`; its bytes depend only on
///     the tree. A file of the cache: read it, never write or move it
/// @param sha256 the tar's SHA-256, 64 lower-case hex digits
/// @param bytes the tar's length
/// @param tree the id of the commit's tree
/// @param commit the commit itself, even if the event named a tag object
/// @param message the commit's message (the beginning and end of a long one); foreign text
/// @param tip the ref's commit when the forge was asked; [CommitId#NONE] if the ref is gone
/// @param planFiles the wanted plan files that the commit has, in the order of the request
/// @param submodules the paths of the submodules: empty directories in the tar
public record Source(
        Path tar,
        String sha256,
        long bytes,
        String tree,
        CommitId commit,
        String message,
        CommitId tip,
        List<CommitFile> planFiles,
        List<String> submodules)
        implements Fetched {
    public Source {
        planFiles = List.copyOf(planFiles);
        submodules = List.copyOf(submodules);
    }
}
