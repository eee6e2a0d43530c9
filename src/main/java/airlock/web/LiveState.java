package airlock.web;

import airlock.results.Mark;
import airlock.results.RunView;
import airlock.results.Times;
import airlock.text.SafeText;
import java.time.Instant;
import java.util.List;

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
    record Step(String id, String phase, String mark, String word, String title, String detail) {}

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
                                                "phase-" + box.phase().key(),
                                                box.mark(),
                                                box.times(),
                                                box.reason(),
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
