package airlock.web;

import airlock.results.RunView;
import java.util.List;

/// The page of a run.
///
/// @param phases all three
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

    /// The run's URL, a prefix of those of its log and artifacts.
    public String url() {
        return "/runs/" + run.head().id();
    }

    /// The URL of the live events that follow this page.
    public String events() {
        return url() + "/events?from=" + log.to();
    }
}
