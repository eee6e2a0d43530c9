package airlock.run;

import airlock.event.CommitId;
import airlock.event.Subject;
import airlock.event.Verdict;
import airlock.plan.Plan;
import airlock.queue.ClaimedRequest;
import airlock.queue.NewRun;
import airlock.queue.Planning;
import airlock.source.Changed;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.util.List;
import java.util.Optional;

/// Whether what was changed concerns a plan that asks for it. A push is compared with the last
/// commit of its branch that the plan was run for and that passed, so that no change between two
/// tests is missed; a change request with the tip of its target branch. What can't be told is run.
final class ChangedPaths {
    private static final String HEADS = "refs/heads/";

    private final SourceFetcher fetcher;
    private final Planning planning;

    ChangedPaths(SourceFetcher fetcher, Planning planning) {
        this.fetcher = fetcher;
        this.planning = planning;
    }

    /// How a run of `commit` ends that need not be; empty where it is to be run. What a person asks
    /// for again is run.
    Optional<NewRun.End> unconcerned(
            ClaimedRequest request, Repositories.Known known, Plan plan, CommitId commit)
            throws InterruptedException {
        if (!plan.settings().when().asksForPaths() || request.rerun().isPresent()) {
            return Optional.empty();
        }
        return switch (request.subject()) {
            case Subject.Tag _ -> Optional.empty();
            case Subject.Branch branch -> {
                var before = planning.lastPassed(request.repository(), branch, plan.name());
                yield before.isEmpty()
                        ? Optional.empty()
                        : compared(known, plan, branch.ref(), before.get(), commit);
            }
            case Subject.Change change -> {
                String ref = HEADS + change.target();
                var target = tip(known, ref);
                yield target.isEmpty()
                        ? Optional.empty()
                        : compared(known, plan, ref, target.get(), commit);
            }
        };
    }

    private Optional<CommitId> tip(Repositories.Known known, String ref)
            throws InterruptedException {
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips ->
                    tips.tips().stream()
                            .filter(tip -> tip.ref().equals(ref))
                            .map(Listing.Tip::commit)
                            .findFirst();
            case Refused _, Unreachable _ -> Optional.empty();
        };
    }

    private Optional<NewRun.End> compared(
            Repositories.Known known, Plan plan, String ref, CommitId from, CommitId to)
            throws InterruptedException {
        return switch (fetcher.changed(known.remote(), ref, from, to)) {
            case Changed.Paths(var paths)
                    when !plan.settings().when().isConcernedBy(paths, plan.file()) ->
                    Optional.of(
                            new NewRun.End(
                                    Verdict.PASSED,
                                    "not run: since %s nothing was changed that `when` of %s names"
                                            .formatted(from.abbreviated(), plan.file().path()),
                                    ""));
            case Changed.Paths _, Changed.Unknown _, Refused _, Unreachable _ -> Optional.empty();
        };
    }
}
