package airlock.web;

import airlock.results.RunView;
import java.util.List;

/// What a run's page shows.
///
/// @param phases all three
/// @param log the part of the log that the page holds
/// @param report all that is wrong with its plan; empty where it did not end for that
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

    /// The run's URL; what belongs to it is below.
    public String url() {
        return "/runs/" + run.head().id();
    }

    /// Where the script gets what comes after the page.
    public String events() {
        return url() + "/events?from=" + log.to();
    }
}
