package airlock.source;

import airlock.event.CommitId;
import java.util.List;

/// Questions to a repository's git server.
///
/// - **Threads**: any number may call; orders that use the same mirror wait for each other.
/// - **Failures**: those of the forge or the commit are outcomes, those of this machine are
/// [SourceException]s.
/// - **Limits**: those of [RemoteRepository#limits()]; an interrupted call ends what it started.
public interface SourceFetcher {
    Fetched fetch(Wanted wanted) throws InterruptedException;

    /// The refs below `prefixes`, such as `refs/heads/`.
    Listing tips(RemoteRepository repository, List<String> prefixes) throws InterruptedException;

    /// Whether `commit` is in the history of one of `branches`, full refs.
    Reachable reachable(RemoteRepository repository, CommitId commit, List<String> branches)
            throws InterruptedException;

    /// Which files differ between two commits, which the history of `ref`, a full one, may hold.
    Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to)
            throws InterruptedException;
}
