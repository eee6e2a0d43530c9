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

/// Makes the runs of one request, one for each plan and cell. What is wrong with a plan ends its
/// own run alone, and what is not to be run still answers for its context (T3).
final class RequestRuns {
    private static final List<String> NO_MATRIX = List.of("");

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

    /// A plan file that was read.
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

    /// A run of each of the commit's own plans and their cells; nothing, and why, where they are
    /// too many.
    Optional<String> addOwn(CommitPlans plans) throws InterruptedException {
        var all = read(plans);
        var mistake = tooMany(all);
        if (mistake.isPresent()) {
            return mistake;
        }
        for (var one : all) {
            PlanPath path = one.path();
            switch (one.reading()) {
                case PlanReading.Read(var plan, _) -> {
                    for (String cell : plan.cells()) {
                        var end = leftOut(plan, cell);
                        add(new Place(path, cell), plan, plans.text(path), Optional.empty(), end);
                    }
                }
                case PlanReading.Invalid invalid ->
                        addEnded(new Place(path, ""), invalid(invalid.summary(), invalid.report()));
                case PlanReading.Absent _ ->
                        throw new IllegalStateException(path.path() + " was there");
            }
        }
        return Optional.empty();
    }

    /// A run of each of the target branch's plans and their cells, with the steps of `plan` that
    /// the commit has; nothing, and why, where they are too many.
    Optional<String> addMixed(CommitPlans theirs, CommitPlans commits, String target)
            throws InterruptedException {
        var all = read(theirs);
        var mistake = tooMany(all);
        if (mistake.isPresent()) {
            return mistake;
        }
        for (var one : all) {
            PlanPath path = one.path();
            switch (one.reading()) {
                case PlanReading.Read(var plan, _) -> {
                    var problem = problem(path, commits, target);
                    for (String cell : plan.cells()) {
                        var end = leftOut(plan, cell).or(() -> problem);
                        add(
                                new Place(path, cell),
                                plan,
                                commits.text(path),
                                theirs.text(path),
                                end);
                    }
                }
                case PlanReading.Invalid invalid ->
                        addEnded(new Place(path, ""), targetsOwn(target, invalid));
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

    /// Answers for the contexts that other change requests to `target` have and this one's commit
    /// does without: whoever requires them is not kept waiting. Those of a plan that is invalid
    /// are so, too.
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

    /// What a run is of.
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

    /// One that ends at once needs neither text nor history.
    private void addEnded(Place place, NewRun.End end) {
        var run = place.run(new byte[0], source, Optional.empty(), Optional.of(end));
        runs.add(new PlanChoice.Chosen(run, GitDepth.NONE));
    }

    /// A plan that is not for this event still answers for its context, and as its author wants
    /// it: nothing was to be done.
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

    private static NewRun.End targetsOwn(String target, PlanReading.Invalid invalid) {
        return invalid(
                "the plan of the target branch %s: %s".formatted(target, invalid.summary()),
                invalid.report());
    }

    private static NewRun.End invalid(String why, String report) {
        return new NewRun.End(Verdict.INVALID_PLAN, why, report);
    }
}
