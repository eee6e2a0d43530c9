package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import java.util.List;

/// One commit to be fetched.
///
/// @param ref the event's full ref: `refs/heads/…`, `refs/tags/…`, or the forge's ref for the head
///     of a change request, such as `refs/pull/7/head`
/// @param commit the event's commit, or the tag object of an annotated tag
/// @param planFiles the paths of files to return besides the tar, such as `.airlock.yaml`;
///     `FOLDER/*ENDING` stands for the folder's files with that ending (the first 65 by name), or
///     for the folder itself if it is not a directory
/// @param git how much history to deliver
public record Wanted(
        RemoteRepository repository,
        String ref,
        CommitId commit,
        CommitPlace place,
        List<String> planFiles,
        GitDepth git) {
    public Wanted {
        if (!ref.startsWith("refs/") || ref.indexOf('*') >= 0) {
            throw new IllegalArgumentException("not a full ref: '" + ref + "'");
        }
        planFiles = List.copyOf(planFiles);
    }

    public Wanted(
            RemoteRepository repository,
            String ref,
            CommitId commit,
            CommitPlace place,
            List<String> planFiles) {
        this(repository, ref, commit, place, planFiles, GitDepth.NONE);
    }
}
