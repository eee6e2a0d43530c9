package airlock.web;

import airlock.event.Phase;
import airlock.event.StateChange.State;
import airlock.results.Mark;
import airlock.results.PhaseTimes;
import airlock.results.PhaseView;
import airlock.results.RunView;
import airlock.results.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The page of a run, or of a part of its log.
///
/// @param log the part of the log that the page shows
/// @param report all mistakes in its plan; empty if it did not end because of them
public record RunPage(
        ShownRepository repository,
        RunView run,
        List<PhaseBox> phases,
        LogRange log,
        boolean hasArtifacts,
        String report) {
    public RunPage {
        phases = List.copyOf(phases);
    }

    static RunPage of(
            ShownRepository repository,
            RunView run,
            LogRange log,
            boolean hasArtifacts,
            String report) {
        return new RunPage(repository, run, PhaseBox.of(run, log), log, hasArtifacts, report);
    }

    /// The steps in the page's part of the log, in the order in which they wrote.
    public List<LogSection> written() {
        var sections = phases.stream().flatMap(box -> box.sections().stream()).toList();
        return log.steps().stream()
                .flatMap(step -> sections.stream().filter(one -> one.key().equals(step)))
                .toList();
    }

    /// The run's URL, a prefix of those of its log and artifacts.
    public String url() {
        return "/runs/" + run.head().id();
    }

    /// The URL of the live events that follow this page.
    public String events() {
        return url() + "/events?from=" + log.to();
    }

    /// One of a run's three phases as its page shows it, whether started or not.
    ///
    /// @param start the last one, or one that waits
    /// @param sections the steps of all its starts
    public record PhaseBox(Mark mark, PhaseView start, List<LogSection> sections) {
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
                return new PhaseBox(mark, waiting(phase, run.head().times().since()), sections);
            }
            return new PhaseBox(starts.getLast().mark(), starts.getLast(), sections);
        }

        private static PhaseView waiting(Phase phase, Instant since) {
            return new PhaseView(
                    phase,
                    0,
                    "",
                    new State.Queued(),
                    new Times(since, Optional.empty(), Optional.empty()),
                    PhaseTimes.UNKNOWN,
                    List.of(),
                    List.of());
        }
    }
}
