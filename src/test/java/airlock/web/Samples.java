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
import airlock.results.PlaceUse;
import airlock.results.Visit;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Repositories, requests and runs that tests show.
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-24T10:15:00Z");
    static final ShownRepository SHIP =
            new ShownRepository(
                    new RepositoryId("codeberg", "17"),
                    ForgeKind.FORGEJO,
                    "harbour/ship",
                    URI.create("https://codeberg.example/harbour/ship"),
                    "main");
    static final ShownRepository BUOY =
            new ShownRepository(
                    new RepositoryId("github", "4711"),
                    ForgeKind.GITHUB,
                    "harbour/buoy",
                    URI.create("https://github.example/harbour/buoy"),
                    "main");

    /// Not for everybody.
    static final RepositoryId PRIVATE = new RepositoryId("codeberg", "18");
    static final ShownRepository SECRET =
            new ShownRepository(
                    PRIVATE,
                    ForgeKind.FORGEJO,
                    "harbour/secret",
                    URI.create("https://codeberg.example/harbour/secret"),
                    "main");

    static final CommitId COMMIT = new CommitId("0123456789abcdef0123456789abcdef01234567");
    static final Subject MAIN = new Subject.Branch("refs/heads/main");
    static final StepKey STEP = new StepKey(Phase.PLAN, 1, 0);

    private Samples() {}

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
        return new RunHead(
                run(name),
                request(name),
                SHIP.id(),
                MAIN,
                COMMIT,
                new CommitSummary("Make the hull tight", "Ada"),
                TrustClass.LISTED,
                "main",
                "",
                state,
                times(state));
    }

    private static Times times(State state) {
        var start = NOW.minusSeconds(90);
        return switch (state) {
            case State.Queued _ -> new Times.Waiting(start);
            case State.Running _ -> new Times.Running(start);
            case State.Ended _ -> new Times.Over(start, start.plusMillis(63_400));
        };
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
                        Mark.PASSED,
                        "",
                        new Times.Over(start, start.plusSeconds(4)),
                        new VmTime(
                                "ready clone",
                                Duration.ofMillis(20),
                                Duration.ofMillis(3950),
                                Duration.ofMillis(30)),
                        List.of(step(0, "shell: ./fetch.sh", Mark.PASSED, "exit code 0", 3900)),
                        List.of(
                                new PlaceUse("packages.example:443", 3, 2_310, 1_482_112, 0, ""),
                                new PlaceUse(
                                        "stats.example:443", 0, 0, 0, 2, "is not on the list")));
        var second =
                new PhaseView(
                        Phase.PLAN,
                        1,
                        ISOLATION,
                        mark,
                        mark == Mark.FAILED ? "step 2 failed: exit code 1" : "",
                        mark == Mark.RUNNING
                                ? new Times.Running(start.plusSeconds(5))
                                : new Times.Over(start.plusSeconds(5), start.plusSeconds(60)),
                        List.of(
                                step(0, "shell: make", Mark.PASSED, "exit code 0", 21_500),
                                step(1, "shell: make test", mark, end(mark), 33_000)));
        return view(head, List.of(first, second), visits(mark, start.plusSeconds(60)));
    }

    private static RunView view(RunHead head, List<PhaseView> phases, Visits visits) {
        return new RunView(head, ".airlock.yaml", phases, Instant.EPOCH, "", visits);
    }

    private static Visits visits(Mark mark, Instant ended) {
        if (mark != Mark.FAILED) {
            return Visits.NONE;
        }
        return new Visits(
                ended.plusSeconds(1800),
                List.of(
                        new Visit(
                                Phase.PLAN,
                                true,
                                "ada",
                                ended.plusSeconds(100),
                                ended.plusSeconds(400),
                                "exited with 0")));
    }

    private static String end(Mark mark) {
        return switch (mark) {
            case FAILED -> "exit code 1";
            case PASSED -> "exit code 0";
            default -> "";
        };
    }

    static StepView step(int number, String title, Mark mark, String end, long millis) {
        boolean over = mark != Mark.RUNNING;
        return new StepView(
                number,
                title,
                mark,
                end,
                Duration.ZERO,
                over ? Duration.ofMillis(millis) : Duration.ZERO,
                over ? Duration.ofMillis(millis / 2) : Duration.ZERO,
                over ? 48L << 20 : 0,
                mark == Mark.FAILED ? 2 : 0);
    }

    static RequestView waiting(String name) {
        return new RequestView(
                request(name),
                SHIP.id(),
                new Subject.Change(7, "main"),
                COMMIT,
                new CommitSummary("Add a keel", "Grace"),
                new State.Queued(),
                "2 requests are before it",
                NOW.minusSeconds(200),
                List.of());
    }

    static RequestView planned(String name, RunHead... runs) {
        return new RequestView(
                request(name),
                SHIP.id(),
                MAIN,
                COMMIT,
                new CommitSummary("Make the hull tight", "Ada"),
                new State.Running(),
                "",
                NOW.minusSeconds(200),
                List.of(runs));
    }
}
