package airlock.run;

import airlock.event.CommitId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.source.Reachable;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;

/// Decides a request's class when its source has been read (T1, T2). What can't be told lowers
/// it.
final class Trust {
    private final SourceFetcher fetcher;

    Trust(SourceFetcher fetcher) {
        this.fetcher = fetcher;
    }

    TrustClass of(Subject subject, Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (subject) {
            case Subject.Branch branch ->
                    known.lists().test(branch) ? TrustClass.LISTED : TrustClass.INSIDE;
            case Subject.Tag tag ->
                    known.lists().test(tag) && isReachable(known, commit)
                            ? TrustClass.LISTED
                            : TrustClass.INSIDE;
            // until ls-remote is asked (T1), every change request counts as one from outside
            case Subject.Change _ -> TrustClass.OUTSIDE;
        };
    }

    private boolean isReachable(Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (fetcher.reachable(known.remote(), commit, known.listedBranches())) {
            case Reachable.From _ -> true;
            case Reachable.FromNone _, Refused _, Unreachable _ -> false;
        };
    }
}
