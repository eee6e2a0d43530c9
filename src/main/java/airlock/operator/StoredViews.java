package airlock.operator;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.results.PhaseTimes;
import airlock.results.View;
import airlock.statuses.Outbox;
import airlock.statuses.OutboxRow;
import airlock.web.Mark;
import airlock.web.PausedStatuses;
import airlock.web.PhaseView;
import airlock.web.RequestView;
import airlock.web.RunHead;
import airlock.web.RunList;
import airlock.web.RunQuery;
import airlock.web.RunView;
import airlock.web.StepView;
import airlock.web.Times;
import airlock.web.ToldStatus;
import airlock.web.Views;
import airlock.web.Visits;
import airlock.web.VmTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the pages show, from the rows.
public final class StoredViews implements Views {
    private final airlock.results.Views rows;
    private final Outbox outbox;
    private final Supplier<String> shut;
    private final Function<RunId, Optional<Instant>> kept;

    /// One where nothing hinders new work.
    public StoredViews(airlock.results.Views rows, Outbox outbox) {
        this(rows, outbox, () -> "", _ -> Optional.empty());
    }

    /// @param shut why no new work is begun; empty where it is
    /// @param kept until when the machine of a run is kept; empty where none is
    public StoredViews(
            airlock.results.Views rows,
            Outbox outbox,
            Supplier<String> shut,
            Function<RunId, Optional<Instant>> kept) {
        this.shut = shut;
        this.kept = kept;
        this.rows = rows;
        this.outbox = outbox;
    }

    @Override
    public RunList runs(RunQuery query) {
        var found = rows.runs(filter(query), query.limit() + 1);
        return new RunList(
                found.stream().limit(query.limit()).map(StoredViews::head).toList(),
                found.size() > query.limit());
    }

    @Override
    public List<RequestView> waiting(List<RepositoryId> repositories, int limit) {
        return rows.waiting(Set.copyOf(repositories), limit).stream()
                .map(request -> request(request, List.of()))
                .toList();
    }

    @Override
    public List<RequestView> withoutRun(RunQuery query, String oldest) {
        return rows.withoutRun(filter(query), oldest, query.limit()).stream()
                .map(request -> request(request, List.of()))
                .toList();
    }

    private static airlock.results.Views.Filter filter(RunQuery query) {
        return new airlock.results.Views.Filter(
                Set.copyOf(query.repositories()),
                query.subject().kind(),
                query.subject().key(),
                query.before());
    }

    @Override
    public Optional<RepositoryId> repositoryOf(RunId id) {
        return rows.repositoryOf(id);
    }

    @Override
    public Optional<RepositoryId> repositoryOf(RequestId id) {
        return rows.repositoryOf(id);
    }

    @Override
    public Optional<RequestView> request(RequestId id) {
        return rows.request(id).map(request -> request(request, rows.runsOf(id)));
    }

    @Override
    public List<ToldStatus> told(RequestId id) {
        return outbox.of(id).stream().map(StoredViews::told).toList();
    }

    @Override
    public List<PausedStatuses> paused() {
        return outbox.pauses().all().stream()
                .map(
                        pause ->
                                new PausedStatuses(
                                        pause.forge(),
                                        pause.repository(),
                                        pause.reason() + ": " + pause.cure()))
                .toList();
    }

    private static ToldStatus told(OutboxRow row) {
        return new ToldStatus(
                row.context(),
                row.state().word(),
                row.description(),
                row.delivery(),
                row.outcome() == OutboxRow.Outcome.GIVEN_UP);
    }

    @Override
    public String planReport(String of) {
        return rows.planReport(of);
    }

    @Override
    public Optional<RunView> run(RunId id) {
        return rows.run(id)
                .map(
                        run ->
                                new RunView(
                                        head(run),
                                        run.planFile(),
                                        phases(rows.phases(id)),
                                        run.logRemoved(),
                                        run.state() instanceof State.Queued ? shut.get() : "",
                                        new Visits(
                                                kept.apply(id).orElse(Instant.EPOCH),
                                                rows.visits(id))));
    }

    @Override
    public List<State> newest(RepositoryId repository, Subject.Branch branch, String plan) {
        return rows.newest(repository, branch)
                .map(
                        request -> {
                            var states =
                                    rows.runsOf(request.id()).stream()
                                            .filter(
                                                    run ->
                                                            plan.isEmpty()
                                                                    || run.plan().equals(plan))
                                            .map(View.RunView::state)
                                            .toList();
                            return states.isEmpty() ? List.of(request.state()) : states;
                        })
                .orElse(List.of());
    }

    private RequestView request(View.RequestView request, List<View.RunView> runs) {
        return new RequestView(
                request.id(),
                request.repository(),
                request.subject(),
                request.commit(),
                request.summary(),
                request.state(),
                waitsFor(request),
                request.created(),
                runs.stream().map(StoredViews::head).toList());
    }

    private String waitsFor(View.RequestView request) {
        return switch (request.state()) {
            case State.Queued _ when !shut.get().isEmpty() -> shut.get();
            case State.Queued _ ->
                    request.waits() == 0
                            ? "waits for its turn"
                            : "the forge could not be reached; trying again";
            case State.Running _ -> "its source is being read";
            case State.Ended _ -> "";
        };
    }

    private static RunHead head(View.RunView run) {
        return new RunHead(
                run.id(),
                run.request(),
                run.repository(),
                run.subject(),
                run.commit(),
                run.summary(),
                run.trust(),
                run.plan(),
                run.cell(),
                run.state(),
                times(run.state(), run.created(), run.times()));
    }

    private static Times times(State state, Instant created, View.Times times) {
        return switch (state) {
            case State.Queued _ -> new Times.Waiting(created);
            case State.Running _ -> new Times.Running(times.started());
            case State.Ended _ ->
                    times.started().equals(Instant.EPOCH)
                            ? new Times.Never(times.ended())
                            : new Times.Over(times.started(), times.ended());
        };
    }

    private static List<PhaseView> phases(List<View.PhaseView> phases) {
        return phases.stream()
                .map(
                        phase ->
                                new PhaseView(
                                        phase.phase(),
                                        attempt(phases, phase),
                                        phase.isolation(),
                                        Mark.of(phase.state()),
                                        phase.state() instanceof State.Ended ended
                                                ? ended.reason()
                                                : "",
                                        times(
                                                phase.state(),
                                                phase.times().started(),
                                                phase.times()),
                                        vm(phase.vm()),
                                        phase.steps().stream()
                                                .map(step -> step(step, phase.state()))
                                                .toList(),
                                        phase.places()))
                .toList();
    }

    private static VmTime vm(PhaseTimes times) {
        return new VmTime(
                switch (times.beginning()) {
                    case "" -> "";
                    case "ready" -> "ready clone";
                    default -> times.beginning();
                },
                times.sum("template", "drives", "qemu", "load", "boot"),
                times.sum("work"),
                times.sum("end"));
    }

    /// Which start of its phase it is: a crash makes a second one.
    private static int attempt(List<View.PhaseView> phases, View.PhaseView phase) {
        return 1
                + (int)
                        phases.stream()
                                .filter(other -> other.phase() == phase.phase())
                                .filter(other -> other.generation() < phase.generation())
                                .count();
    }

    private static StepView step(View.StepView step, State phase) {
        boolean ended = !step.outcome().isEmpty();
        return new StepView(
                step.index(),
                step.title(),
                ended ? step.exitCode() == 0 ? Mark.PASSED : Mark.FAILED : unended(step, phase),
                step.outcome(),
                micros(Math.max(0, step.startedMicros())),
                ended ? micros(step.endedMicros() - step.startedMicros()) : Duration.ZERO,
                micros(step.cpuMicros()),
                step.peakKilobytes() * 1024,
                step.exitCode());
    }

    /// How a step stands that did not end by itself: its phase may have ended under it.
    private static Mark unended(View.StepView step, State phase) {
        boolean started = step.startedMicros() >= 0;
        return switch (phase) {
            case State.Queued _, State.Running _ -> started ? Mark.RUNNING : Mark.QUEUED;
            case State.Ended ended -> started ? Mark.of(ended.verdict()) : Mark.NOT_RUN;
        };
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
