package airlock.run;

import airlock.event.CommitId;
import airlock.event.Refs;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.queue.ClaimedRequest;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.util.List;

/// Decides a request's class (T1, T2, T7), that of a branch or tag once its source is read, any
/// other before. Doubt lowers it; only a forge that is away is asked again later.
final class Trust {
    private static final String HEADS = "refs/heads/";

    private final SourceFetcher fetcher;

    Trust(SourceFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /// What was decided.
    sealed interface Decision {}

    record Decided(TrustClass trust) implements Decision {}

    record Later(Unreachable away) implements Decision {}

    /// @param commit what the request's commit was found to be, where it may be a tag object
    Decision of(ClaimedRequest request, Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (bySubject(request, known, commit)) {
            case Decided(TrustClass trust) -> new Decided(capped(trust, request));
            case Later later -> later;
        };
    }

    private Decision bySubject(ClaimedRequest request, Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (request.subject()) {
            case Subject.Branch branch ->
                    new Decided(known.lists().test(branch) ? TrustClass.LISTED : TrustClass.INSIDE);
            case Subject.Tag tag ->
                    known.lists().test(tag)
                            ? reachable(known, commit)
                            : new Decided(TrustClass.INSIDE);
            // who may enter the queue does not count, and its branch is the forge's own (T1)
            case Subject.MergeGroup _ -> new Decided(TrustClass.OUTSIDE);
            case Subject.Change _ ->
                    Refs.valid(HEADS + request.headBranch(), HEADS)
                            ? onBranch(known, HEADS + request.headBranch(), commit)
                            : new Decided(TrustClass.OUTSIDE);
        };
    }

    /// A rerun never rises above the run that it repeats.
    private static TrustClass capped(TrustClass trust, ClaimedRequest request) {
        return request.rerun()
                .flatMap(ClaimedRequest.Rerun::highest)
                .map(highest -> lower(trust, highest))
                .orElse(trust);
    }

    private static TrustClass lower(TrustClass one, TrustClass other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private Decision reachable(Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (fetcher.reachable(known.remote(), commit, known.listedBranches())) {
            case Reachable.From _ -> new Decided(TrustClass.LISTED);
            case Reachable.FromNone _, Refused _ -> new Decided(TrustClass.INSIDE);
            case Unreachable away -> orLater(away, TrustClass.INSIDE);
        };
    }

    /// Neither who offered the change nor what the forge says of its head counts: the commit is the
    /// tip of that branch, or it is outside.
    private Decision onBranch(Repositories.Known known, String ref, CommitId commit)
            throws InterruptedException {
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips ->
                    new Decided(
                            tips.tips().stream()
                                            .anyMatch(
                                                    tip ->
                                                            tip.ref().equals(ref)
                                                                    && tip.id().equals(commit))
                                    ? TrustClass.INSIDE
                                    : TrustClass.OUTSIDE);
            case Refused _ -> new Decided(TrustClass.OUTSIDE);
            case Unreachable away -> orLater(away, TrustClass.OUTSIDE);
        };
    }

    private static Decision orLater(Unreachable away, TrustClass otherwise) {
        return away.retryable() ? new Later(away) : new Decided(otherwise);
    }
}
