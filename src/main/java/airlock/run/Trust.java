package airlock.run;

import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.Refs;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.queue.ClaimedRequest;
import airlock.run.RequestWorker.AwayException;
import airlock.run.RequestWorker.MergeQueues;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides a request's trust class (T1, T2, T7): of a branch or tag after its source was read, of
/// others before. Doubt lowers it; only if the forge is away is it asked again later.
record Trust(SourceFetcher fetcher, MergeQueues queues) {
    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);
    private static final String HEADS = "refs/heads/";

    /// @param commit the request's commit, even if the request names a tag object
    /// @throws AwayException if the forge has to be asked again later
    TrustClass of(ClaimedRequest request, Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return capped(bySubject(request, known, commit), request);
    }

    private TrustClass bySubject(ClaimedRequest request, Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (request.subject()) {
            case Subject.Branch branch ->
                    known.lists().test(branch) ? TrustClass.LISTED : TrustClass.INSIDE;
            case Subject.Tag tag ->
                    known.lists().test(tag) ? reachable(known, commit) : TrustClass.INSIDE;
            case Subject.MergeGroup group -> group(known, group, commit);
            case Subject.Change _ -> tips(known, Map.of(HEADS + request.headBranch(), commit));
        };
    }

    /// A rerun never has a higher class than the run that it repeats.
    private static TrustClass capped(TrustClass trust, ClaimedRequest request) {
        return request.rerun()
                .flatMap(ClaimedRequest.Rerun::highest)
                .map(highest -> lower(trust, highest))
                .orElse(trust);
    }

    private static TrustClass lower(TrustClass one, TrustClass other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private TrustClass reachable(Repositories.Known known, CommitId commit)
            throws InterruptedException {
        return switch (fetcher.reachable(known.remote(), commit, known.listedBranches())) {
            case Reachable.From _ -> TrustClass.LISTED;
            case Reachable.FromNone _, Refused _ -> TrustClass.INSIDE;
            case Unreachable away -> orLater(away, TrustClass.INSIDE);
        };
    }

    /// Inside only if all its changes are and it is based on the tip of its target (T1): entering
    /// the queue proves nothing, and the group's branch is the forge's own.
    private TrustClass group(Repositories.Known known, Subject.MergeGroup group, CommitId commit)
            throws InterruptedException {
        return switch (queues.of(known.remote().id(), group, commit)) {
            case QueuedChanges.Named(CommitId base, var heads) -> {
                var wanted = new HashMap<>(Map.of(HEADS + group.target(), base));
                boolean differ =
                        heads.stream()
                                .map(head -> wanted.put(HEADS + head.branch(), head.commit()))
                                .anyMatch(Objects::nonNull);
                yield differ ? TrustClass.OUTSIDE : tips(known, wanted);
            }
            case QueuedChanges.Unnamed(String why) -> {
                LOG.info("the merge group {} is outside: {}", group.ref(), why);
                yield TrustClass.OUTSIDE;
            }
            case QueuedChanges.Away(String why) ->
                    throw new AwayException(new Unreachable(why, true));
        };
    }

    /// Inside only if the commits are the tips of these branches, whoever proposed the change and
    /// whatever the forge says about its head.
    private TrustClass tips(Repositories.Known known, Map<String, CommitId> wanted)
            throws InterruptedException {
        if (!wanted.keySet().stream().allMatch(ref -> Refs.valid(ref, HEADS))) {
            return TrustClass.OUTSIDE;
        }
        return switch (fetcher.tips(known.remote(), List.copyOf(wanted.keySet()))) {
            case Listing.Tips(var tips) -> {
                var seen = tips.stream().map(tip -> Map.entry(tip.ref(), tip.id())).toList();
                yield seen.containsAll(wanted.entrySet()) ? TrustClass.INSIDE : TrustClass.OUTSIDE;
            }
            case Refused _ -> TrustClass.OUTSIDE;
            case Unreachable away -> orLater(away, TrustClass.OUTSIDE);
        };
    }

    private static TrustClass orLater(Unreachable away, TrustClass otherwise) {
        if (away.retryable()) {
            throw new AwayException(away);
        }
        return otherwise;
    }
}
