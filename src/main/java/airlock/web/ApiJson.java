package airlock.web;

import airlock.results.Mark;
import airlock.results.PhaseView;
import airlock.results.PlaceUse;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunView;
import airlock.results.StepView;
import airlock.results.Times;
import airlock.statuses.OutboxRow;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The objects of the API (docs/api.md), whose field names are these components' in snake case and
/// do not change within `v1`; new ones may come. Texts of others are made fit to be shown, but for
/// what programs must send back as it is.
final class ApiJson {
    private ApiJson() {}

    /// What is tested.
    ///
    /// @param kind `branch`, `tag` or `change`
    /// @param key the full ref, or the change request's number
    /// @param name what people call it
    /// @param target the branch that a change request wants to get into
    record Subject(String kind, String key, String name, @Nullable String target) {
        static Subject of(airlock.event.Subject subject) {
            return new Subject(
                    subject.kind(),
                    SafeText.line(subject.key()),
                    SafeText.line(subject.shortName()),
                    subject.target().isEmpty() ? null : SafeText.line(subject.target()));
        }
    }

    /// How something stands.
    ///
    /// @param state `queued`, `running`, `ended` or `not_run`
    /// @param verdict once it has ended
    record Standing(String state, @Nullable String verdict, String reason) {
        static Standing of(Mark mark, String reason) {
            String word = mark.name().toLowerCase(Locale.ROOT);
            String said = SafeText.lines(reason);
            return switch (mark) {
                case QUEUED, RUNNING, NOT_RUN -> new Standing(word, null, said);
                case PASSED, FAILED, TIMED_OUT, INVALID_PLAN, BROKE, CANCELLED, SUPERSEDED ->
                        new Standing("ended", word, said);
            };
        }
    }

    /// When something was made, began and ended, ISO 8601 with milliseconds.
    record When(
            @Nullable String waitingSince, @Nullable String startedAt, @Nullable String endedAt) {
        static When of(Times times) {
            return switch (times) {
                case Times.Waiting waiting -> new When(text(waiting.since()), null, null);
                case Times.Running running -> new When(null, text(running.start()), null);
                case Times.Over over -> new When(null, text(over.start()), text(over.end()));
                case Times.Never never -> new When(null, null, text(never.end()));
            };
        }
    }

    static String text(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli()).toString();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    record Repository(String path, String id, String page, String defaultBranch) {
        static Repository of(ShownRepository shown) {
            return new Repository(
                    shown.path(),
                    shown.id().toString(),
                    shown.page().toString(),
                    SafeText.line(shown.defaultBranch()));
        }
    }

    /// A run as lists have it.
    record Run(
            String id,
            String request,
            String repository,
            Subject subject,
            String commit,
            String title,
            String author,
            String trust,
            String plan,
            String cell,
            Standing standing,
            When times,
            String page) {
        static Run of(ShownRepository shown, RunHead head) {
            return new Run(
                    head.id().text(),
                    head.request().text(),
                    shown.path(),
                    Subject.of(head.revision().subject()),
                    head.revision().commit().hex(),
                    SafeText.line(head.revision().summary().title()),
                    SafeText.line(head.revision().summary().author()),
                    head.trust().key(),
                    SafeText.line(head.plan()),
                    SafeText.line(head.cell()),
                    Standing.of(head.mark(), head.reason()),
                    When.of(head.times()),
                    "/runs/" + head.id());
        }
    }

    /// A run with all that belongs to it.
    ///
    /// @param keptUntil until when the machine of its failed phase stays; null where none does
    record WholeRun(
            Run run,
            String planFile,
            String isolation,
            @Nullable String keptUntil,
            List<Visit> visits,
            List<Phase> phases) {
        static WholeRun of(ShownRepository shown, RunView view) {
            return new WholeRun(
                    Run.of(shown, view.head()),
                    SafeText.line(view.planFile()),
                    view.isolation(),
                    view.keptUntil().map(ApiJson::text).orElse(null),
                    view.visits().stream().map(Visit::of).toList(),
                    view.phases().stream().map(Phase::of).toList());
        }
    }

    /// A person in a machine of a run.
    ///
    /// @param kept whether it was the phase's own machine; else a fresh one like it
    /// @param endedAt null while they are in
    record Visit(
            String phase,
            boolean kept,
            String who,
            String beganAt,
            @Nullable String endedAt,
            String ending) {
        static Visit of(airlock.results.Visit visit) {
            return new Visit(
                    visit.phase().key(),
                    visit.kept(),
                    SafeText.line(visit.who()),
                    text(visit.began()),
                    visit.ended().map(ApiJson::text).orElse(null),
                    SafeText.line(visit.ending()));
        }
    }

    /// Where the time of a phase's VM went.
    ///
    /// @param began `ready clone`, `clone` or `boot`
    record Vm(String began, double startSeconds, double workSeconds, double endSeconds) {
        static @Nullable Vm of(VmTime time) {
            return time.isKnown()
                    ? new Vm(
                            time.beginning(),
                            seconds(time.start()),
                            seconds(time.work()),
                            seconds(time.end()))
                    : null;
        }
    }

    /// The connections of a phase's VM to one place.
    record Place(
            String place,
            long connections,
            long sentBytes,
            long receivedBytes,
            long refused,
            String reason) {
        static Place of(PlaceUse use) {
            return new Place(
                    SafeText.line(use.place()),
                    use.connections(),
                    use.sent(),
                    use.received(),
                    use.refused(),
                    SafeText.line(use.reason()));
        }
    }

    /// @param vm null until it has ended
    record Phase(
            String phase,
            int attempt,
            String isolation,
            Standing standing,
            When times,
            @Nullable Vm vm,
            List<Place> network,
            List<Step> steps) {
        static Phase of(PhaseView view) {
            return new Phase(
                    view.phase().key(),
                    view.attempt(),
                    view.isolation(),
                    Standing.of(view.mark(), view.reason()),
                    When.of(view.times()),
                    Vm.of(VmTime.of(view.vm())),
                    view.places().stream().map(Place::of).toList(),
                    view.steps().stream().map(Step::of).toList());
        }
    }

    record Step(
            int number,
            String title,
            Standing standing,
            double startSeconds,
            double tookSeconds,
            double cpuSeconds,
            long peakMemoryBytes) {
        static Step of(StepView view) {
            return new Step(
                    view.number(),
                    SafeText.line(view.title()),
                    Standing.of(view.mark(), view.ending()),
                    seconds(view.start()),
                    seconds(view.end().map(StepView.End::took).orElse(Duration.ZERO)),
                    seconds(view.end().map(StepView.End::cpu).orElse(Duration.ZERO)),
                    view.end().map(StepView.End::peakMemory).orElse(0L));
        }
    }

    /// @param next the URL of the page with older ones, null on the last
    record Runs(List<Run> runs, @Nullable String next) {}

    record Repositories(List<Repository> repositories) {}

    /// A request as lists have it.
    record Request(
            String id,
            String repository,
            Subject subject,
            String commit,
            String title,
            String author,
            Standing standing,
            String createdAt,
            String page) {
        static Request of(ShownRepository shown, RequestView view) {
            return new Request(
                    view.id().text(),
                    shown.path(),
                    Subject.of(view.revision().subject()),
                    view.revision().commit().hex(),
                    SafeText.line(view.revision().summary().title()),
                    SafeText.line(view.revision().summary().author()),
                    Standing.of(view.mark(), view.reason()),
                    text(view.created()),
                    "/requests/" + view.id());
        }
    }

    record Requests(List<Request> requests, @Nullable String next) {}

    /// A request with its runs and commit statuses.
    record WholeRequest(Request request, List<Run> runs, List<Status> statuses) {
        static WholeRequest of(ShownRequest shown) {
            return new WholeRequest(
                    Request.of(shown.repository(), shown.request()),
                    shown.request().runs().stream()
                            .map(run -> Run.of(shown.repository(), run))
                            .toList(),
                    shown.told().stream().map(Status::of).toList());
        }
    }

    /// @param givenUp whether the forge will never have it
    record Status(
            String context, String state, String description, String delivery, boolean givenUp) {
        static Status of(OutboxRow told) {
            return new Status(
                    SafeText.line(told.context()),
                    told.word(),
                    SafeText.line(told.description()),
                    SafeText.line(told.delivery()),
                    told.isGivenUp());
        }
    }
}
