package airlock.run;

import airlock.event.CommitId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.plan.Plan;
import airlock.queue.ClaimedRequest;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.source.Changed;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Decides whether the changed files concern a plan with path conditions. Compares a push with the
/// last commit of its branch that passed this plan, so that no change between two tests is missed,
/// and a change request with the tip of its target branch. If it cannot tell, the plan runs.
///
/// One for each request, whose plans share the answers of the forge.
final class ChangedPaths {
    private static final String HEADS = "refs/heads/";

    private final SourceFetcher fetcher;
    private final Planning planning;
    private final ClaimedRequest request;
    private final Repositories.Known known;
    private final boolean outside;

    private final Map<CommitId, Optional<Changed.Paths>> since = new HashMap<>();

    private final Map<String, Optional<CommitId>> tips = new HashMap<>();

    ChangedPaths(
            SourceFetcher fetcher,
            Planning planning,
            ClaimedRequest request,
            Repositories.Known known,
            TrustClass trust) {
        this.fetcher = fetcher;
        this.planning = planning;
        this.request = request;
        this.known = known;
        this.outside = trust == TrustClass.OUTSIDE;
    }

    /// The end of a run of `commit` that is not needed; empty if it is. A person's rerun always is.
    ///
    /// @param cell the plan's matrix cell; empty if it has none
    Optional<NewRun.End> unconcerned(Plan plan, String cell, CommitId commit)
            throws InterruptedException {
        if (!plan.settings().when().asksForPaths() || request.rerun().isPresent()) {
            return Optional.empty();
        }
        return switch (request.subject()) {
            case Subject.Tag _ -> Optional.empty();
            case Subject.Branch branch -> {
                var before = planning.lastPassed(request.repository(), branch, plan.name(), cell);
                yield before.isEmpty()
                        ? Optional.empty()
                        : compared(plan, branch.ref(), before.get(), commit);
            }
            case Subject.Change _, Subject.MergeGroup _ -> {
                String ref = HEADS + request.subject().target();
                var tip = target(ref);
                yield tip.isEmpty() ? Optional.empty() : compared(plan, ref, tip.get(), commit);
            }
        };
    }

    private Optional<CommitId> target(String ref) throws InterruptedException {
        if (!tips.containsKey(ref)) {
            tips.put(ref, tip(ref));
        }
        return Objects.requireNonNull(tips.get(ref));
    }

    private Optional<CommitId> tip(String ref) throws InterruptedException {
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips -> tips.commitOf(ref);
            case Refused _, Unreachable _ -> Optional.empty();
        };
    }

    private Optional<NewRun.End> compared(Plan plan, String ref, CommitId from, CommitId to)
            throws InterruptedException {
        if (!since.containsKey(from)) {
            since.put(from, changed(ref, from, to));
        }
        return Objects.requireNonNull(since.get(from))
                .filter(all -> !plan.settings().when().isConcernedBy(all.paths(), plan.path()))
                .map(
                        _ ->
                                new NewRun.End(
                                        Verdict.PASSED,
                                        "not run: since %s nothing was changed that `when` of %s names"
                                                .formatted(from.abbreviated(), plan.path()),
                                        ""));
    }

    private Optional<Changed.Paths> changed(String ref, CommitId from, CommitId to)
            throws InterruptedException {
        return switch (fetcher.changed(known.remote().outside(outside), ref, from, to)) {
            case Changed.Paths paths -> Optional.of(paths);
            case Changed.Unknown _, Refused _, Unreachable _ -> Optional.empty();
        };
    }
}
