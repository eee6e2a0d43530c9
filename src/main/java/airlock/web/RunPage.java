package airlock.web;

import airlock.results.RunView;
import java.util.List;

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
}
