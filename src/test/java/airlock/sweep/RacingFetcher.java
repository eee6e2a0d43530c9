package airlock.sweep;

import airlock.event.CommitId;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Wanted;
import java.util.List;

/// Asks a real forge, and lets something happen before it hands on what that showed.
record RacingFetcher(SourceFetcher real, Runnable meanwhile) implements SourceFetcher {
    @Override
    public Fetched fetch(Wanted wanted) throws InterruptedException {
        return real.fetch(wanted);
    }

    @Override
    public Listing tips(RemoteRepository repository, List<String> prefixes)
            throws InterruptedException {
        var listing = real.tips(repository, prefixes);
        meanwhile.run();
        return listing;
    }

    @Override
    public Reachable reachable(RemoteRepository repository, CommitId commit, List<String> branches)
            throws InterruptedException {
        return real.reachable(repository, commit, branches);
    }

    @Override
    public Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to)
            throws InterruptedException {
        return real.changed(repository, ref, from, to);
    }
}
