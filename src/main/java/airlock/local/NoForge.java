package airlock.local;

import airlock.event.CommitId;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Wanted;
import java.util.List;

/// Stands where a forge would be asked, in a run that has none: each ref is at the run's commit.
///
/// @param commit that is run
record NoForge(CommitId commit) implements SourceFetcher {
    @Override
    public Fetched fetch(Wanted wanted) {
        throw asked();
    }

    @Override
    public Listing tips(RemoteRepository repository, List<String> prefixes) {
        return new Listing.Tips(
                prefixes.stream().map(ref -> new Listing.Tip(ref, commit, commit)).toList());
    }

    @Override
    public Reachable reachable(
            RemoteRepository repository, CommitId commit, List<String> branches) {
        throw asked();
    }

    @Override
    public Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to) {
        throw asked();
    }

    private static IllegalStateException asked() {
        return new IllegalStateException("a run of a directory asks no forge");
    }
}
