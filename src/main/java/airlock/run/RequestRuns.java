package airlock.run;

import airlock.event.GitDepth;
import airlock.event.Verdict;
import airlock.plan.Plan;
import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRequest;
import airlock.queue.NewRun;
import airlock.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the runs of one request, one for each plan. What is wrong with a plan ends its own run
/// alone, and what is not to be run still answers for its context (T3).
final class RequestRuns {
    private final ClaimedRequest request;
    private final PlanReader reader;
    private final ChangedPaths changes;
    private final Source source;
    private final List<PlanChoice.Chosen> runs = new ArrayList<>();

    /// @param source the commit's files
    RequestRuns(ClaimedRequest request, PlanReader reader, ChangedPaths changes, Source source) {
        this.request = request;
        this.reader = reader;
        this.changes = changes;
        this.source = source;
    }

    List<PlanChoice.Chosen> all() {
        return List.copyOf(runs);
    }

    /// A run of each of the commit's own plans.
    void addOwn(CommitPlans plans) throws InterruptedException {
        for (PlanPath path : plans.paths()) {
            switch (plans.read(reader, path)) {
                case PlanReading.Read(var plan, _) ->
                        add(path, plan, plans.text(path), Optional.empty(), leftOut(plan));
                case PlanReading.Invalid invalid ->
                        addEnded(path, invalid(invalid.summary(), invalid.report()));
                case PlanReading.Absent _ ->
                        throw new IllegalStateException(path.path() + " was there");
            }
        }
    }

    /// A run of each of the target branch's plans with the steps of `plan` that the commit has.
    void addMixed(CommitPlans theirs, CommitPlans commits, String target)
            throws InterruptedException {
        for (PlanPath path : theirs.paths()) {
            switch (theirs.read(reader, path)) {
                case PlanReading.Read(var plan, _) -> {
                    var end = leftOut(plan).or(() -> problem(path, commits, target));
                    add(path, plan, commits.text(path), theirs.text(path), end);
                }
                case PlanReading.Invalid invalid ->
                        addEnded(
                                path,
                                invalid(
                                        "the plan of the target branch %s: %s"
                                                .formatted(target, invalid.summary()),
                                        invalid.report()));
                case PlanReading.Absent _ ->
                        throw new IllegalStateException(path.path() + " was there");
            }
        }
    }

    /// Answers for the contexts that other change requests to `target` have and this one's commit
    /// does without: whoever requires them is not kept waiting.
    void addLacking(CommitPlans theirs, String target) {
        for (PlanPath path : theirs.paths()) {
            if (runs.stream().noneMatch(run -> run.run().plan().equals(path.name()))) {
                addEnded(
                        path,
                        new NewRun.End(
                                Verdict.PASSED,
                                "not run: the commit has no %s, which %s has"
                                        .formatted(path.path(), target),
                                ""));
            }
        }
    }

    private void add(
            PlanPath path,
            Plan plan,
            Optional<byte[]> text,
            Optional<byte[]> targetText,
            Optional<NewRun.End> end) {
        if (end.isPresent()) {
            addEnded(path, end.get());
            return;
        }
        runs.add(
                new PlanChoice.Chosen(
                        new NewRun(
                                path.name(),
                                "",
                                path.path(),
                                text.orElseThrow(),
                                source.tar().toString(),
                                targetText,
                                Optional.empty()),
                        plan.settings().git()));
    }

    /// One that ends at once needs neither text nor history.
    private void addEnded(PlanPath path, NewRun.End end) {
        runs.add(
                new PlanChoice.Chosen(
                        new NewRun(
                                path.name(),
                                "",
                                path.path(),
                                new byte[0],
                                source.tar().toString(),
                                Optional.empty(),
                                Optional.of(end)),
                        GitDepth.NONE));
    }

    /// A plan that is not for this event still answers for its context, and as its author wants
    /// it: nothing was to be done.
    private Optional<NewRun.End> leftOut(Plan plan) throws InterruptedException {
        var left = plan.settings().when().leavesOut(request.subject());
        return left.isPresent()
                ? Optional.of(
                        new NewRun.End(
                                Verdict.PASSED,
                                "not run: `when` of %s leaves out %s"
                                        .formatted(plan.path(), left.get()),
                                ""))
                : changes.unconcerned(plan, "", source.commit());
    }

    private Optional<NewRun.End> problem(PlanPath path, CommitPlans commits, String target) {
        return switch (commits.read(reader, path)) {
            case PlanReading.Read _ -> Optional.empty();
            case PlanReading.Invalid invalid ->
                    Optional.of(invalid(invalid.summary(), invalid.report()));
            case PlanReading.Absent _ ->
                    Optional.of(
                            invalid(
                                    "the commit removes %s, which %s has"
                                            .formatted(path.path(), target),
                                    ""));
        };
    }

    private static NewRun.End invalid(String why, String report) {
        return new NewRun.End(Verdict.INVALID_PLAN, why, report);
    }
}
