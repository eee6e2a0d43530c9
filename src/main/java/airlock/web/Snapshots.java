package airlock.web;

import airlock.base.Json;
import airlock.event.RunId;
import airlock.results.Mark;
import airlock.results.RunView;
import airlock.results.Times;
import airlock.results.Views;
import airlock.text.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Caches runs for their live readers: a run is read at most once a second, even with a thousand
/// readers. Cached runs count against the [ReadBudget].
final class Snapshots {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final String SHARED = "live";

    private final Views views;
    private final ReadBudget budget;
    private final InstantSource clock;
    private final Map<RunId, Snapshot> kept = new HashMap<>();

    Snapshots(Views views, ReadBudget budget, InstantSource clock) {
        this.views = views;
        this.budget = budget;
        this.clock = clock;
    }

    /// @param state its [LiveState] as JSON
    /// @param tag changes with the state, but not with time alone
    record Live(byte[] state, String tag, boolean isOver, String word) {}

    private record Snapshot(Optional<Live> run, long nanos, ReadBudget.Share share) {
        /// Gives back its share if it is old.
        boolean isOld() {
            boolean old = System.nanoTime() - nanos >= MOMENT.toNanos();
            if (old) {
                share.close();
            }
            return old;
        }
    }

    /// A run, at most a second old; empty if it does not exist or the budget is used up.
    synchronized Optional<Live> run(RunId id) {
        kept.values().removeIf(Snapshot::isOld);
        var fresh = kept.get(id);
        return fresh == null
                ? budget.takeNow(SHARED, ReadBudget.BUILDING).flatMap(share -> look(id, share))
                : fresh.run;
    }

    private Optional<Live> look(RunId id, ReadBudget.Share share) {
        try {
            var run = views.run(id).map(this::live);
            share.keep(run.map(live -> live.state().length).orElse(0));
            kept.put(id, new Snapshot(run, System.nanoTime(), share));
            return run;
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private Live live(RunView run) {
        var state = LiveState.of(run, clock.instant());
        return new Live(
                Json.bytes(state),
                Etag.hash(Json.bytes(LiveState.timeless(run))),
                run.head().isOver(),
                run.head().mark().word());
    }

    /// The state of a run for live pages: the JSON of a `state` event. Plain text, no markup.
    record LiveState(Part run, List<Part> phases, List<Step> steps) {
        LiveState {
            phases = List.copyOf(phases);
            steps = List.copyOf(steps);
        }

        /// The run or a phase.
        ///
        /// @param id the element's id
        /// @param took for people; empty if it has not begun
        /// @param since for how many seconds it has been running; -1 if it is not running
        record Part(String id, String mark, String word, String took, long since, String reason) {}

        /// @param phase the id of its phase's element
        record Step(
                String id, String phase, String mark, String word, String title, String detail) {}

        /// The state without times: two that are equal need no event between them.
        static LiveState timeless(RunView run) {
            return of(run, Instant.EPOCH); // before all starts, so nothing has taken any time
        }

        static LiveState of(RunView run, Instant now) {
            var boxes = PhaseBox.of(run, LogRange.NONE);
            var head = run.head();
            return new LiveState(
                    part("run", head.mark(), head.times(), head.reason(), now),
                    boxes.stream()
                            .map(
                                    box ->
                                            part(
                                                    "phase-" + box.start().phase().key(),
                                                    box.mark(),
                                                    box.start().times(),
                                                    box.start().reason(),
                                                    now))
                            .toList(),
                    boxes.stream()
                            .flatMap(box -> box.sections().stream())
                            .map(LiveState::step)
                            .toList());
        }

        private static Part part(String id, Mark mark, Times times, String reason, Instant now) {
            var show = new Show(now);
            return new Part(
                    id,
                    mark.key(),
                    mark.word(),
                    show.took(times),
                    show.goingOnFor(times),
                    SafeText.lines(reason));
        }

        private static Step step(LogSection section) {
            return new Step(
                    section.key().id(),
                    "phase-" + section.phase().key(),
                    section.mark().key(),
                    section.mark().word(),
                    SafeText.line(section.title()),
                    SafeText.line(section.detail()));
        }
    }
}
