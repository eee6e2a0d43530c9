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
import java.util.function.Predicate;

/// Makes the runs of one request, one for each plan and cell. A mistake in a plan ends only its own
/// run, and a plan that is not run still sets its status (T3).
final class RequestRuns {
    private static final List<String> NO_MATRIX = List.of("");

    private final ClaimedRequest request;
    private final PlanReader reader;
    private final ChangedPaths changes;
    private final Source source;
    private final List<PlanChoice.Chosen> runs = new ArrayList<>();

    RequestRuns(ClaimedRequest request, PlanReader reader, ChangedPaths changes, Source source) {
        this.request = request;
        this.reader = reader;
        this.changes = changes;
        this.source = source;
    }

    List<PlanChoice.Chosen> all() {
        return List.copyOf(runs);
    }

    private record Read(PlanPath path, PlanReading reading) {
        List<String> cells() {
            return reading instanceof PlanReading.Read read ? read.plan().cells() : NO_MATRIX;
        }
    }

    private List<Read> read(CommitPlans plans) {
        return plans.paths().stream()
                .map(path -> new Read(path, plans.read(reader, path)))
                .toList();
    }

    /// Adds a run of each of the commit's own plans and their cells.
    ///
    /// @return why none was added: there are too many
    Optional<String> addOwn(CommitPlans plans) throws InterruptedException {
        return addAll(plans, Optional.empty(), "");
    }

    /// Adds a run of each of the target branch's plans and their cells, with the commit's steps of
    /// `plan`.
    ///
    /// @return why none was added: there are too many
    Optional<String> addMixed(CommitPlans theirs, CommitPlans commits, String target)
            throws InterruptedException {
        return addAll(theirs, Optional.of(commits), target);
    }

    private Optional<String> addAll(CommitPlans plans, Optional<CommitPlans> steps, String target)
            throws InterruptedException {
        var all = read(plans);
        var mistake = tooMany(all);
        if (mistake.isPresent()) {
            return mistake;
        }
        for (var one : all) {
            PlanPath path = one.path();
            switch (one.reading()) {
                case PlanReading.Read(var plan, _) -> {
                    var problem = steps.flatMap(commits -> problem(path, commits, target));
                    var text = steps.orElse(plans).text(path);
                    var targetText = steps.flatMap(_ -> plans.text(path));
                    for (String cell : plan.cells()) {
                        var end = leftOut(plan, cell).or(() -> problem);
                        add(new Place(path, cell), plan, text, targetText, end);
                    }
                }
                case PlanReading.Invalid invalid -> {
                    String whose =
                            steps.isEmpty() ? "" : "the plan of the target branch " + target + ": ";
                    addEnded(
                            new Place(path, ""),
                            invalid(whose + invalid.summary(), invalid.report()));
                }
                case PlanReading.Absent _ ->
                        throw new IllegalStateException(path.path() + " was there");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> tooMany(List<Read> all) {
        int number = all.stream().mapToInt(one -> one.cells().size()).sum();
        return number > PlanPath.MOST
                ? Optional.of(
                        "%,d runs, plans and cells of their matrices together; at most %d"
                                .formatted(number, PlanPath.MOST))
                : Optional.empty();
    }

    /// Sets the statuses that other change requests to `target` have and this one's commit lacks,
    /// so that a required one does not wait for ever. If the commit's plan is invalid, so are
    /// those.
    void addLacking(CommitPlans theirs, String target) {
        for (var one : read(theirs)) {
            PlanPath path = one.path();
            var own = runs.stream().map(PlanChoice.Chosen::run).filter(isOf(path)).toList();
            var wrong =
                    own.stream()
                            .flatMap(run -> run.end().stream())
                            .filter(end -> end.verdict() == Verdict.INVALID_PLAN)
                            .findFirst();
            for (String cell : one.cells()) {
                if (own.stream().noneMatch(run -> run.cell().equals(cell))) {
                    String what = cell.isEmpty() ? "" : " with " + cell;
                    addEnded(
                            new Place(path, cell),
                            wrong.orElseGet(
                                    () ->
                                            new NewRun.End(
                                                    Verdict.PASSED,
                                                    "not run: the commit has no %s%s, which %s has"
                                                            .formatted(path.path(), what, target),
                                                    "")));
                }
            }
        }
    }

    private static Predicate<NewRun> isOf(PlanPath path) {
        return run -> run.plan().equals(path.name());
    }

    private record Place(PlanPath path, String cell) {
        NewRun run(
                byte[] text, Source source, Optional<byte[]> targetText, Optional<NewRun.End> end) {
            return new NewRun(
                    path.name(), cell, path.path(), text, source.tar().toString(), targetText, end);
        }
    }

    private void add(
            Place place,
            Plan plan,
            Optional<byte[]> text,
            Optional<byte[]> targetText,
            Optional<NewRun.End> end) {
        if (end.isPresent()) {
            addEnded(place, end.get());
            return;
        }
        var run = place.run(text.orElseThrow(), source, targetText, Optional.empty());
        runs.add(new PlanChoice.Chosen(run, plan.git()));
    }

    /// Adds a run that has ended, which needs neither text nor history.
    private void addEnded(Place place, NewRun.End end) {
        var run = place.run(new byte[0], source, Optional.empty(), Optional.of(end));
        runs.add(new PlanChoice.Chosen(run, GitDepth.NONE));
    }

    /// The end of a plan that is not for this event: it passes, as its author wants it.
    private Optional<NewRun.End> leftOut(Plan plan, String cell) throws InterruptedException {
        var left = plan.settings().when().leavesOut(request.subject());
        return left.isPresent()
                ? Optional.of(
                        new NewRun.End(
                                Verdict.PASSED,
                                "not run: `when` of %s leaves out %s"
                                        .formatted(plan.path(), left.get()),
                                ""))
                : changes.unconcerned(plan, cell, source.commit());
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
