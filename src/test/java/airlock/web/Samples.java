package airlock.web;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeKind;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.results.Mark;
import airlock.results.PhaseTimes;
import airlock.results.PhaseView;
import airlock.results.PhaseView.PlaceUse;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunHead.Revision;
import airlock.results.RunView;
import airlock.results.RunView.Visit;
import airlock.results.StepKey;
import airlock.results.StepView;
import airlock.results.Times;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Repositories, requests and runs that tests show.
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-24T10:15:00Z");
    static final ShownRepository SHIP =
            shown(ForgeKind.FORGEJO, new RepositoryId("codeberg", "17"), "harbour/ship");
    static final ShownRepository BUOY =
            shown(ForgeKind.GITHUB, new RepositoryId("github", "4711"), "harbour/buoy");

    /// Only for holders of a token.
    static final RepositoryId PRIVATE = new RepositoryId("codeberg", "18");
    static final ShownRepository SECRET = shown(ForgeKind.FORGEJO, PRIVATE, "harbour/secret");

    static final CommitId COMMIT = new CommitId("0123456789abcdef0123456789abcdef01234567");
    static final Subject MAIN = new Subject.Branch("refs/heads/main");
    static final Revision HULL = revision(MAIN, "Make the hull tight", "Ada");
    static final StepKey STEP = new StepKey(Phase.PLAN, 1, 0);

    private Samples() {}

    private static ShownRepository shown(ForgeKind kind, RepositoryId id, String name) {
        var page = URI.create("https://" + id.forge() + ".example/" + name);
        return new ShownRepository(id, kind, name, page, "main");
    }

    /// A run id that says what it is for: `id("broke")`.
    static RunId run(String name) {
        return new RunId(id(name));
    }

    static RequestId request(String name) {
        return new RequestId(id(name));
    }

    private static String id(String name) {
        return (name + "a".repeat(20)).substring(0, 20);
    }

    static State ended(Verdict verdict, String reason) {
        return new State.Ended(verdict, reason);
    }

    static RunHead head(String name, State state) {
        return head(name, name, HULL, "main", "", state);
    }

    static RunHead head(
            String name, String request, Revision revision, String plan, String cell, State state) {
        return new RunHead(
                run(name),
                request(request),
                revision,
                TrustClass.LISTED,
                plan,
                cell,
                state,
                times(state));
    }

    /// The commit of a subject of [#SHIP].
    static Revision revision(Subject subject, String title, String author) {
        return new Revision(SHIP.id(), subject, COMMIT, new CommitSummary(title, author));
    }

    private static Times times(State state) {
        var start = NOW.minusSeconds(90);
        return switch (state) {
            case State.Queued _ -> waitingSince(start);
            case State.Running _ -> running(start);
            case State.Ended _ -> over(start, start.plusMillis(63_400));
        };
    }

    static Times waitingSince(Instant since) {
        return new Times(since, Optional.empty(), Optional.empty());
    }

    static Times running(Instant start) {
        return new Times(start, Optional.of(start), Optional.empty());
    }

    static Times over(Instant start, Instant end) {
        return new Times(start, Optional.of(start), Optional.of(end));
    }

    static Times never(Instant end) {
        return new Times(end, Optional.empty(), Optional.of(end));
    }

    private static final String ISOLATION = "kvm, in a sandbox";

    /// A run whose first phase passed and whose second phase has `mark`.
    static RunView view(RunHead head, Mark mark) {
        var start = NOW.minusSeconds(90);
        var first =
                new PhaseView(
                        Phase.PRE_PLAN,
                        1,
                        ISOLATION,
                        ended(Verdict.PASSED, ""),
                        over(start, start.plusSeconds(4)),
                        new PhaseTimes(
                                "ready",
                                Map.of(
                                        "boot", Duration.ofMillis(20),
                                        "work", Duration.ofMillis(3950),
                                        "end", Duration.ofMillis(30))),
                        List.of(step(0, "shell: ./fetch.sh", Mark.PASSED, "exit code 0", 3900)),
                        List.of(
                                new PlaceUse("packages.example:443", 3, 2_310, 1_482_112, 0, ""),
                                new PlaceUse(
                                        "stats.example:443", 0, 0, 0, 2, "is not on the list")));
        var second =
                phase(
                        1,
                        ISOLATION,
                        state(mark, mark == Mark.FAILED ? "step 2 failed: exit code 1" : ""),
                        mark == Mark.RUNNING
                                ? running(start.plusSeconds(5))
                                : over(start.plusSeconds(5), start.plusSeconds(60)),
                        List.of(
                                step(0, "shell: make", Mark.PASSED, "exit code 0", 21_500),
                                step(1, "shell: make test", mark, end(mark), 33_000)));
        var phases = List.of(first, second);
        return mark == Mark.FAILED
                ? visited(head, phases, start.plusSeconds(60))
                : view(head, ".airlock.yaml", phases);
    }

    private static State state(Mark mark, String reason) {
        return mark == Mark.RUNNING
                ? new State.Running()
                : ended(Verdict.of(mark.name().toLowerCase(Locale.ROOT)), reason);
    }

    /// A plan phase whose VM has not ended.
    static PhaseView phase(
            int attempt, String isolation, State state, Times times, List<StepView> steps) {
        return new PhaseView(
                Phase.PLAN, attempt, isolation, state, times, PhaseTimes.UNKNOWN, steps, List.of());
    }

    /// A run whose log is kept, and whose machines are gone.
    static RunView view(RunHead head, String planFile, List<PhaseView> phases) {
        return view(head, planFile, phases, Optional.empty());
    }

    static RunView view(
            RunHead head, String planFile, List<PhaseView> phases, Optional<Instant> logRemoved) {
        return new RunView(head, planFile, phases, logRemoved, "", Optional.empty(), List.of());
    }

    private static RunView visited(RunHead head, List<PhaseView> phases, Instant ended) {
        var visit =
                new Visit(
                        Phase.PLAN,
                        true,
                        "ada",
                        ended.plusSeconds(100),
                        Optional.of(ended.plusSeconds(400)),
                        "exited with 0");
        return new RunView(
                head,
                ".airlock.yaml",
                phases,
                Optional.empty(),
                "",
                Optional.of(ended.plusSeconds(1800)),
                List.of(visit));
    }

    private static String end(Mark mark) {
        return switch (mark) {
            case FAILED -> "exit code 1";
            case PASSED -> "exit code 0";
            default -> "";
        };
    }

    static StepView step(int number, String title, Mark mark, String end, long millis) {
        var ended =
                new StepView.End(
                        end,
                        Optional.of(mark == Mark.FAILED ? 2 : 0),
                        Duration.ofMillis(millis),
                        Duration.ofMillis(millis / 2),
                        48L << 20);
        return new StepView(
                number, title, mark, Duration.ZERO, Optional.of(ended).filter(_ -> !end.isEmpty()));
    }

    static RequestView waiting(String name) {
        return new RequestView(
                request(name),
                revision(new Subject.Change(7, "main"), "Add a keel", "Grace"),
                new State.Queued(),
                "2 requests are before it",
                NOW.minusSeconds(200),
                List.of());
    }

    static RequestView planned(String name, RunHead... runs) {
        return new RequestView(
                request(name), HULL, new State.Running(), "", NOW.minusSeconds(200), List.of(runs));
    }
}
