package airlock.run;

import airlock.event.CommitId;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Wanted;
import java.util.List;
import java.util.function.Function;

/// A fetcher with these answers, which knows no history.
record AnsweringFetcher(Function<Wanted, Fetched> fetches, Listing tips) implements SourceFetcher {
    /// One that only knows where refs are.
    static AnsweringFetcher of(Listing tips) {
        return new AnsweringFetcher(
                wanted -> {
                    throw new AssertionError(wanted);
                },
                tips);
    }

    @Override
    public Fetched fetch(Wanted wanted) {
        return fetches.apply(wanted);
    }

    @Override
    public Listing tips(RemoteRepository repository, List<String> prefixes) {
        return tips;
    }

    @Override
    public Reachable reachable(
            RemoteRepository repository, CommitId commit, List<String> branches) {
        return new Reachable.FromNone();
    }

    @Override
    public Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to) {
        return new Changed.Unknown("it was not looked");
    }
}
