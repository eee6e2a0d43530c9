package airlock.run;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.plan.PlanPolicy;
import airlock.plan.PlanReader;
import airlock.queue.ClaimedRequest;
import airlock.queue.NewRun;
import airlock.queue.Planning;
import airlock.source.CommitPlace;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.Source;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.util.List;
import java.util.Optional;

/// Chooses the plans for a commit: its own, or for outside code those of the target branch, in
/// which the commit changes only the steps of `plan` (T3).
final class PlanChoice {
    private final SourceFetcher fetcher;
    private final Planning planning;
    private final TargetBranch targets;

    PlanChoice(SourceFetcher fetcher, Planning planning) {
        this.fetcher = fetcher;
        this.planning = planning;
        this.targets = new TargetBranch(fetcher);
    }

    sealed interface Choice {}

    record Runs(List<Chosen> runs) implements Choice {}

    /// A run, and how much history its plan wants; the run's source has none yet.
    record Chosen(NewRun run, GitDepth git) {}

    record Ends(Verdict verdict, String why) implements Choice {}

    record Later(Unreachable away) implements Choice {}

    Choice of(ClaimedRequest request, Repositories.Known known, TrustClass trust, Source source)
            throws InterruptedException {
        var changes = new ChangedPaths(fetcher, planning, request, known, trust);
        var runs = new RequestRuns(request, reader(known), changes, source);
        return switch (request.subject()) {
            case Subject.Change _, Subject.MergeGroup _ -> {
                String target = request.subject().target();
                yield switch (trust) {
                    case INSIDE, LISTED -> inside(runs, known, target, source);
                    case OUTSIDE -> outside(runs, known, target, source);
                };
            }
            // even if the rerun of a push was lowered to outside: its target is its own past
            case Subject.Branch _, Subject.Tag _ -> own(runs, source);
        };
    }

    /// Reports as mistakes what the operator does not allow.
    private static PlanReader reader(Repositories.Known known) {
        var settings = known.settings();
        return new PlanReader(
                PlanPolicy.of(settings.destinations(), settings.image(), settings.rules()));
    }

    private static Choice own(RequestRuns runs, Source source) throws InterruptedException {
        var plans = CommitPlans.of(source.planFiles());
        var hindrance = hindrance(plans, "the commit");
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        return chosen(runs, runs.addOwn(plans), "the commit");
    }

    private Choice inside(RequestRuns runs, Repositories.Known known, String target, Source source)
            throws InterruptedException {
        var own = own(runs, source);
        if (!(own instanceof Runs)) {
            return own;
        }
        return switch (targets.read(known, target)) {
            case Source theirs -> {
                var plans = CommitPlans.of(theirs.planFiles());
                if (plans.mistake().isEmpty()) {
                    runs.addLacking(plans, target);
                }
                yield new Runs(runs.all());
            }
            case Missing _, Moved _, Refused _ -> own;
            case Unreachable away -> new Later(away);
        };
    }

    private Choice outside(RequestRuns runs, Repositories.Known known, String target, Source source)
            throws InterruptedException {
        return switch (targets.read(known, target)) {
            case Source theirs -> {
                var plans = CommitPlans.of(theirs.planFiles());
                var hindrance = hindrance(plans, "the target branch " + target);
                if (hindrance.isPresent()) {
                    yield hindrance.get();
                }
                var commits = CommitPlans.of(source.planFiles());
                yield chosen(
                        runs, runs.addMixed(plans, commits, target), "the target branch " + target);
            }
            case Missing _, Moved _ ->
                    new Ends(Verdict.CANCELLED, "the target branch " + target + " is gone");
            case Refused refused ->
                    new Ends(
                            Verdict.FAILED,
                            "the target branch %s can't be read for its plans: %s"
                                    .formatted(target, refused.why()));
            case Unreachable away -> new Later(away);
        };
    }

    private static Choice chosen(RequestRuns runs, Optional<String> mistake, String whose) {
        return mistake.isEmpty()
                ? new Runs(runs.all())
                : new Ends(Verdict.INVALID_PLAN, whose + " has " + mistake.get());
    }

    private static Optional<Choice> hindrance(CommitPlans plans, String whose) {
        return plans.mistake()
                .map(why -> whose + ": " + why)
                .or(
                        () ->
                                plans.paths().isEmpty()
                                        ? Optional.of(
                                                "%s has no plan: neither %s nor files in %s nor %s"
                                                        .formatted(
                                                                whose,
                                                                PlanFile.AIRLOCK.path(),
                                                                PlanPath.FOLDER,
                                                                PlanFile.AMBIENT.path()))
                                        : Optional.empty())
                .map(why -> new Ends(Verdict.INVALID_PLAN, why));
    }

    record TargetBranch(SourceFetcher fetcher) {
        /// A branch that has moved this often meanwhile is left for later.
        private static final int LOOKS = 3;

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
}
