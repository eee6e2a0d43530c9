package airlock.run;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.plan.OperatorsWord;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRequest;
import airlock.queue.NewRun;
import airlock.queue.Planning;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Missing;
import airlock.source.Moved;
import airlock.source.Place;
import airlock.source.Refused;
import airlock.source.Source;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which plans a commit is put through: its own, or for code from outside those of the target
/// branch, of which the commit changes the steps of `plan` alone (T3).
final class PlanChoice {
    /// The files whose content is wanted beside a commit's tar.
    static final List<String> FILES = Arrays.stream(PlanFile.values()).map(PlanFile::path).toList();

    /// A target that moves at each look is left for later.
    private static final int LOOKS = 3;

    private final SourceFetcher fetcher;
    private final ChangedPaths changes;

    PlanChoice(SourceFetcher fetcher, Planning planning) {
        this.fetcher = fetcher;
        this.changes = new ChangedPaths(fetcher, planning);
    }

    /// What was chosen.
    sealed interface Choice {}

    record Runs(List<Chosen> runs) implements Choice {}

    /// A run of the commit's files alone, and how much of its history is to come with them.
    record Chosen(NewRun run, GitDepth git) {}

    /// The request ends without a run.
    ///
    /// @param report all that is wrong with the plan; empty where that is not why
    record Ends(Verdict verdict, String why, String report) implements Choice {
        Ends(Verdict verdict, String why) {
            this(verdict, why, "");
        }
    }

    record Later(Unreachable away) implements Choice {}

    Choice of(ClaimedRequest request, Repositories.Known known, TrustClass trust, Source source)
            throws InterruptedException {
        return switch (trust) {
            case INSIDE, LISTED -> own(known, request, source);
            case OUTSIDE ->
                    switch (request.subject()) {
                        case Subject.Change change -> outside(known, request, change, source);
                        // a push whose rerun was lowered so far: its target is its own past
                        case Subject.Branch _, Subject.Tag _ -> own(known, request, source);
                    };
        };
    }

    /// What the operator does not let is a mistake of the plan.
    private static PlanReader reader(Repositories.Known known) {
        var settings = known.settings();
        return new PlanReader(
                OperatorsWord.of(settings.destinations(), settings.image(), settings.rules()));
    }

    private Choice own(Repositories.Known known, ClaimedRequest request, Source source)
            throws InterruptedException {
        return switch (reader(known).read(path -> content(source, path))) {
            case PlanReading.Read read -> {
                String path = read.plan().file().path();
                yield new Runs(
                        List.of(
                                chosen(
                                        read.plan(),
                                        path,
                                        content(source, path).orElseThrow(),
                                        source,
                                        Optional.empty(),
                                        leftOut(request, known, read.plan(), source))));
            }
            case PlanReading.Invalid invalid ->
                    new Ends(Verdict.INVALID_PLAN, invalid.summary(), invalid.report());
            case PlanReading.Absent _ ->
                    new Ends(
                            Verdict.INVALID_PLAN,
                            "the commit has no plan: neither " + String.join(" nor ", FILES));
        };
    }

    private Choice outside(
            Repositories.Known known, ClaimedRequest request, Subject.Change change, Source source)
            throws InterruptedException {
        String target = change.target();
        return switch (target(known, "refs/heads/" + target)) {
            case Source theirs -> mixed(known, request, target, theirs, source);
            case Missing _, Moved _ ->
                    new Ends(Verdict.CANCELLED, "the target branch " + target + " is gone");
            case Refused refused ->
                    new Ends(
                            Verdict.FAILED,
                            "the target branch "
                                    + target
                                    + " can't be read for its plan: "
                                    + refused.why());
            case Unreachable away -> new Later(away);
        };
    }

    private Choice mixed(
            Repositories.Known known,
            ClaimedRequest request,
            String target,
            Source theirs,
            Source source)
            throws InterruptedException {
        var plans = reader(known);
        return switch (plans.read(path -> content(theirs, path))) {
            case PlanReading.Read read -> {
                var file = read.plan().file();
                var own = content(source, file.path());
                yield new Runs(
                        List.of(
                                chosen(
                                        read.plan(),
                                        file.path(),
                                        own.orElse(new byte[0]),
                                        source,
                                        content(theirs, file.path()),
                                        leftOut(request, known, read.plan(), source)
                                                .or(() -> problem(plans, file, own, target)))));
            }
            case PlanReading.Invalid invalid ->
                    new Ends(
                            Verdict.INVALID_PLAN,
                            "the plan of the target branch " + target + ": " + invalid.summary(),
                            invalid.report());
            case PlanReading.Absent _ ->
                    new Ends(
                            Verdict.INVALID_PLAN,
                            "the target branch "
                                    + target
                                    + " has no plan, and a change request from outside brings none");
        };
    }

    /// One that ends at once needs no history.
    private static Chosen chosen(
            Plan plan,
            String path,
            byte[] text,
            Source source,
            Optional<byte[]> targetText,
            Optional<NewRun.End> end) {
        return new Chosen(
                new NewRun(plan.name(), "", path, text, source.tar().toString(), targetText, end),
                end.isEmpty() ? plan.settings().git() : GitDepth.NONE);
    }

    /// A plan that is not for this event still answers for its context, and as its author wants
    /// it: nothing was to be done.
    private Optional<NewRun.End> leftOut(
            ClaimedRequest request, Repositories.Known known, Plan plan, Source source)
            throws InterruptedException {
        var left = plan.settings().when().leavesOut(request.subject());
        return left.isPresent()
                ? Optional.of(
                        new NewRun.End(
                                Verdict.PASSED,
                                "not run: `when` of %s leaves out %s"
                                        .formatted(plan.file().path(), left.get()),
                                ""))
                : changes.unconcerned(request, known, plan, source.commit());
    }

    private static Optional<NewRun.End> problem(
            PlanReader plans, PlanFile file, Optional<byte[]> text, String target) {
        if (text.isEmpty()) {
            return invalid(
                    "the commit removes %s, which %s has".formatted(file.path(), target), "");
        }
        return switch (plans.read(file, text.get())) {
            case PlanReading.Read _ -> Optional.empty();
            case PlanReading.Invalid invalid -> invalid(invalid.summary(), invalid.report());
            case PlanReading.Absent _ -> invalid(file.path() + " is gone", "");
        };
    }

    private static Optional<NewRun.End> invalid(String why, String report) {
        return Optional.of(new NewRun.End(Verdict.INVALID_PLAN, why, report));
    }

    /// The target branch as it is now.
    private Fetched target(Repositories.Known known, String ref) throws InterruptedException {
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips -> {
                var tip = tips.tips().stream().filter(t -> t.ref().equals(ref)).findFirst();
                yield tip.isEmpty()
                        ? new Missing("there is no " + ref)
                        : following(known, ref, tip.get().commit());
            }
            case Refused refused -> refused;
            case Unreachable away -> away;
        };
    }

    private Fetched following(Repositories.Known known, String ref, CommitId first)
            throws InterruptedException {
        CommitId commit = first;
        for (int look = 0; look < LOOKS; look++) {
            var fetched = fetcher.fetch(new Wanted(known.remote(), ref, commit, Place.TIP, FILES));
            if (!(fetched instanceof Moved(CommitId tip))) {
                return fetched;
            }
            commit = tip;
        }
        return new Unreachable(ref + " moves faster than it can be read", true);
    }

    /// What is no plain file of a bearable size is handed on as bytes that no plan can be, so that
    /// the reader refuses it with its own words.
    private static Optional<byte[]> content(Source source, String path) {
        return source.planFiles().stream()
                .filter(file -> file.path().equals(path))
                .map(
                        file ->
                                switch (file) {
                                    case airlock.source.PlanFile.Content content -> content.bytes();
                                    case airlock.source.PlanFile.TooLarge _ ->
                                            new byte[PlanReader.LARGEST + 1];
                                    case airlock.source.PlanFile.NotAFile other ->
                                            ("# " + other.what() + "\n[]")
                                                    .getBytes(StandardCharsets.UTF_8);
                                })
                .findFirst();
    }
}
