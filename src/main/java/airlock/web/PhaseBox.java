package airlock.web;

import airlock.event.Phase;
import airlock.results.Mark;
import airlock.results.PhaseTimes;
import airlock.results.PlaceUse;
import airlock.results.RunView;
import airlock.results.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One of a run's three phases as its page shows it, whether started or not.
///
/// @param times of its last start
/// @param vm how its last VM spent its time
/// @param reason why it ended so; may be empty
/// @param places that its last VM connected to
/// @param sections the steps of all its starts
public record PhaseBox(
        Phase phase,
        Mark mark,
        Times times,
        PhaseTimes vm,
        String reason,
        List<PlaceUse> places,
        List<LogSection> sections) {
    public PhaseBox {
        sections = List.copyOf(sections);
    }

    /// All three, with the part of the log that the page shows.
    static List<PhaseBox> of(RunView run, LogRange log) {
        return Arrays.stream(Phase.values()).map(phase -> box(run, phase, log)).toList();
    }

    private static PhaseBox box(RunView run, Phase phase, LogRange log) {
        var sections = new ArrayList<LogSection>();
        var starts = run.phases().stream().filter(start -> start.phase() == phase).toList();
        for (var start : starts) {
            for (var step : start.steps()) {
                sections.add(LogSection.of(start, step, log));
            }
        }
        var known = sections.stream().map(LogSection::key).toList();
        log.steps().stream()
                .filter(step -> step.phase() == phase && !known.contains(step))
                .forEach(
                        step ->
                                sections.add(
                                        step.isNotes() ? 0 : sections.size(),
                                        LogSection.unknown(step, log)));
        if (starts.isEmpty()) {
            var mark = run.head().isOver() ? Mark.NOT_RUN : Mark.QUEUED;
            var since = run.head().times().since();
            var never = new Times(since, Optional.empty(), Optional.empty());
            return new PhaseBox(phase, mark, never, PhaseTimes.UNKNOWN, "", List.of(), sections);
        }
        var last = starts.getLast();
        return new PhaseBox(
                phase,
                last.mark(),
                last.times(),
                last.vm(),
                last.reason(),
                last.places(),
                sections);
    }
}
