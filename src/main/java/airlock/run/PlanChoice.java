package airlock.run;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.plan.PlanPolicy;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRequest;
import airlock.queue.ClaimedRun;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.run.RequestWorker.AwayException;
import airlock.source.CommitPlace;
import airlock.source.Fetched;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.Source;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chooses the plans for the commit of one request: its own, or for outside code those of the
/// target branch, in which the commit changes only the steps of `plan` (T3). Each plan and cell is
/// a run. A mistake in a plan ends only its own run, and a plan that is not run still sets its
/// status (T3).
final class PlanChoice {
    private static final List<String> NO_MATRIX = List.of("");

    /// A target branch that has moved this often while it is read is left for later.
    private static final int LOOKS = 3;

    private final SourceFetcher fetcher;
    private final ClaimedRequest request;
    private final Repositories.Known known;
    private final PlanReader reader;
    private final ChangedPaths changes;
    private final TrustClass trust;
    private final Source source;
    private final List<Chosen> runs = new ArrayList<>();

    PlanChoice(
            SourceFetcher fetcher,
            Planning planning,
            ClaimedRequest request,
            Repositories.Known known,
            TrustClass trust,
            Source source) {
        this.fetcher = fetcher;
        this.request = request;
        this.known = known;
        this.trust = trust;
        this.source = source;
        this.changes = new ChangedPaths(fetcher, planning, request, known, trust);
        var settings = known.settings();
        // reports as mistakes what the operator does not allow
        this.reader =
                new PlanReader(
                        PlanPolicy.of(settings.destinations(), settings.image(), settings.rules()));
    }

    /// A run, and how much history its plan wants; the run's source has none yet.
    record Chosen(NewRun run, GitDepth git) {}

    /// Ends the request without a run.
    static final class EndException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Verdict verdict;

        EndException(Verdict verdict, String why) {
            super(why);
            this.verdict = verdict;
        }

        Verdict verdict() {
            return verdict;
        }
    }

    /// @throws EndException if there is none
    /// @throws AwayException if the forge has to be asked again later
    List<Chosen> choose() throws InterruptedException {
        switch (request.subject()) {
            case Subject.Change _, Subject.MergeGroup _ -> {
                switch (trust) {
                    case INSIDE, LISTED -> inside(request.subject().target());
                    case OUTSIDE -> outside(request.subject().target());
                }
            }
            // even if the rerun of a push was lowered to outside: its target is its own past
            case Subject.Branch _, Subject.Tag _ -> own();
        }
        return runs;
    }

    private void own() throws InterruptedException {
        addAll(CommitPlans.of(source.planFiles()), Optional.empty(), "the commit");
    }

    private void inside(String target) throws InterruptedException {
        own();
        switch (readTarget(target)) {
            case Source theirs -> addLacking(CommitPlans.of(theirs.planFiles()), target);
            case Missing _, Moved _, Refused _ -> {}
            case Unreachable away -> throw new AwayException(away);
        }
    }

    private void outside(String target) throws InterruptedException {
        String whose = "the target branch " + target;
        switch (readTarget(target)) {
            case Source theirs ->
                    addAll(
                            CommitPlans.of(theirs.planFiles()),
                            Optional.of(CommitPlans.of(source.planFiles())),
                            whose);
            case Missing _, Moved _ ->
                    throw new EndException(Verdict.CANCELLED, whose + " is gone");
            case Refused(var why) ->
                    throw new EndException(
                            Verdict.FAILED, whose + " can't be read for its plans: " + why);
            case Unreachable away -> throw new AwayException(away);
        }
    }

    /// The target branch at its current commit.
    private Fetched readTarget(String branch) throws InterruptedException {
        String ref = "refs/heads/" + branch;
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips -> {
                var tip = tips.commitOf(ref);
                yield tip.isEmpty() ? new Missing("there is no " + ref) : following(ref, tip.get());
            }
            case Refused refused -> refused;
            case Unreachable away -> away;
        };
    }

    private Fetched following(String ref, CommitId first) throws InterruptedException {
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

    /// Adds a run of each plan and cell.
    ///
    /// @param steps the commit's plans, if only their steps of `plan` count
    /// @param whose the plans are
    private void addAll(CommitPlans plans, Optional<CommitPlans> steps, String whose)
            throws InterruptedException {
        if (plans.mistake().isPresent()) {
            throw invalid(whose + ": " + plans.mistake().get());
        }
        var all = read(plans);
        if (all.isEmpty()) {
            throw invalid(
                    "%s has no plan: neither %s nor files in %s nor %s"
                            .formatted(
                                    whose,
                                    PlanFile.AIRLOCK.path(),
                                    PlanPath.FOLDER,
                                    PlanFile.AMBIENT.path()));
        }
        int number = all.stream().mapToInt(one -> one.cells().size()).sum();
        if (number > PlanPath.MOST) {
            throw invalid(
                    "%s has %,d runs, plans and cells of their matrices together; at most %d"
                            .formatted(whose, number, PlanPath.MOST));
        }
        for (var one : all) {
            add(one, plans, steps, whose);
        }
    }

    private static EndException invalid(String why) {
        return new EndException(Verdict.INVALID_PLAN, why);
    }

    private void add(Read one, CommitPlans plans, Optional<CommitPlans> steps, String whose)
            throws InterruptedException {
        PlanPath path = one.path();
        switch (one.reading()) {
            case PlanReading.Read(var plan, _) -> {
                var problem = steps.flatMap(commits -> problem(path, commits));
                var text = steps.orElse(plans).text(path);
                var targetText = steps.flatMap(_ -> plans.text(path));
                for (String cell : plan.cells()) {
                    var end = leftOut(plan, cell).or(() -> problem);
                    if (end.isPresent()) {
                        addEnded(path, cell, end.get());
                    } else {
                        add(path, cell, text.orElseThrow(), targetText, end, plan.git());
                    }
                }
            }
            case PlanReading.Invalid invalid -> {
                String prefix = steps.isEmpty() ? "" : "the plan of " + whose + ": ";
                addEnded(path, "", invalid(prefix + invalid.summary(), invalid.report()));
            }
            case PlanReading.Absent _ ->
                    throw new IllegalStateException(path.path() + " was there");
        }
    }

    /// Sets the statuses that other change requests to `target` have and this one's commit lacks,
    /// so that a required one does not wait for ever. If the commit's plan is invalid, so are
    /// those.
    private void addLacking(CommitPlans theirs, String target) {
        for (var one : theirs.mistake().isEmpty() ? read(theirs) : List.<Read>of()) {
            PlanPath path = one.path();
            var own =
                    runs.stream()
                            .map(Chosen::run)
                            .filter(run -> run.plan().name().equals(path.name()))
                            .toList();
            var wrong =
                    own.stream()
                            .flatMap(run -> run.end().stream())
                            .filter(end -> end.verdict() == Verdict.INVALID_PLAN)
                            .findFirst();
            for (String cell : one.cells()) {
                if (own.stream().noneMatch(run -> run.plan().cell().equals(cell))) {
                    String what = path.path() + (cell.isEmpty() ? "" : " with " + cell);
                    String why =
                            "not run: the commit has no " + what + ", which " + target + " has";
                    addEnded(path, cell, wrong.orElseGet(() -> passed(why)));
                }
            }
        }
    }

    /// Adds a run that has ended, which needs neither text nor history.
    private void addEnded(PlanPath path, String cell, NewRun.End end) {
        add(path, cell, new byte[0], Optional.empty(), Optional.of(end), GitDepth.NONE);
    }

    private void add(
            PlanPath path,
            String cell,
            byte[] text,
            Optional<byte[]> targetText,
            Optional<NewRun.End> end,
            GitDepth git) {
        String tar = source.tar().toString();
        var plan = new ClaimedRun.Plan(path.name(), cell, path.path(), text, targetText);
        runs.add(new Chosen(new NewRun(plan, tar, end), git));
    }

    /// The end of a plan that is not for this event: it passes, as its author wants it.
    private Optional<NewRun.End> leftOut(Plan plan, String cell) throws InterruptedException {
        var left = plan.settings().when().leavesOut(request.subject());
        if (left.isEmpty()) {
            return changes.unconcerned(plan, cell, source.commit());
        }
        String why = "not run: `when` of %s leaves out %s".formatted(plan.path(), left.get());
        return Optional.of(passed(why));
    }

    private Optional<NewRun.End> problem(PlanPath path, CommitPlans commits) {
        return switch (commits.read(reader, path)) {
            case PlanReading.Read _ -> Optional.empty();
            case PlanReading.Invalid invalid ->
                    Optional.of(invalid(invalid.summary(), invalid.report()));
            case PlanReading.Absent _ -> {
                String target = request.subject().target();
                String why = "the commit removes %s, which %s has".formatted(path.path(), target);
                yield Optional.of(invalid(why, ""));
            }
        };
    }

    private static NewRun.End passed(String why) {
        return new NewRun.End(Verdict.PASSED, why, "");
    }

    private static NewRun.End invalid(String why, String report) {
        return new NewRun.End(Verdict.INVALID_PLAN, why, report);
    }
}
