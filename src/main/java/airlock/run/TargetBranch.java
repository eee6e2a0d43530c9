package airlock.run;

import airlock.event.CommitId;
import airlock.plan.PlanPath;
import airlock.source.CommitPlace;
import airlock.source.Fetched;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.util.List;

/// Reads a change request's target branch for its plans.
record TargetBranch(SourceFetcher fetcher) {
    /// A branch that has moved this often meanwhile is left for later.
    private static final int LOOKS = 3;

    /// The branch's current commit.
    Fetched read(Repositories.Known known, String branch) throws InterruptedException {
        String ref = "refs/heads/" + branch;
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips -> {
                var tip = tips.commitOf(ref);
                yield tip.isEmpty()
                        ? new Missing("there is no " + ref)
                        : following(known, ref, tip.get());
            }
            case Refused refused -> refused;
            case Unreachable away -> away;
        };
    }

    private Fetched following(Repositories.Known known, String ref, CommitId first)
            throws InterruptedException {
        CommitId commit = first;
        for (int look = 0; look < LOOKS; look++) {
            var fetched =
                    fetcher.fetch(
                            new Wanted(
                                    known.remote(), ref, commit, CommitPlace.TIP, PlanPath.WANTED));
            if (!(fetched instanceof Moved(CommitId tip))) {
                return fetched;
            }
            commit = tip;
        }
        return new Unreachable(ref + " moves faster than it can be read", true);
    }
}
