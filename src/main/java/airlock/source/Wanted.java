package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import java.util.List;

/// One commit to be fetched.
///
/// @param ref the full ref that the event names: `refs/heads/…`, `refs/tags/…`, or where the
///     forge keeps a change request's head, such as `refs/pull/7/head`
/// @param commit the commit that the event names, or for an annotated tag the tag object
/// @param planFiles the paths of the files whose content is wanted beside the tar, such as
///     `.airlock.yaml`; `FOLDER/*ENDING` stands for the files of a folder whose names end so, of
///     more than 65 the first by name, and for the folder itself where it is none
/// @param git how much of its history comes with it
public record Wanted(
        RemoteRepository repository,
        String ref,
        CommitId commit,
        Place place,
        List<String> planFiles,
        GitDepth git) {
    public Wanted {
        if (!ref.startsWith("refs/") || ref.indexOf('*') >= 0) {
            throw new IllegalArgumentException("not a full ref: '" + ref + "'");
        }
        planFiles = List.copyOf(planFiles);
    }

    /// The commit's files alone.
    public Wanted(
            RemoteRepository repository,
            String ref,
            CommitId commit,
            Place place,
            List<String> planFiles) {
        this(repository, ref, commit, place, planFiles, GitDepth.NONE);
    }
}
