package airlock.web;

import airlock.results.RunHead;
import airlock.results.RunView;
import java.util.List;

/// A page of a run's log.
///
/// @param sections by step, in the order in which the steps wrote
public record LogPage(
        ShownRepository repository, RunView view, LogRange log, List<LogSection> sections) {
    public LogPage {
        sections = List.copyOf(sections);
    }

    /// The run as lists show it.
    public RunHead run() {
        return view.head();
    }

    /// The run's URL, a prefix of those of its log and artifacts.
    public String url() {
        return "/runs/" + run().id();
    }

    static LogPage of(ShownRepository repository, RunView run, LogRange log) {
        var sections =
                PhaseBox.of(run, log).stream().flatMap(box -> box.sections().stream()).toList();
        return new LogPage(
                repository,
                run,
                log,
                log.steps().stream()
                        .flatMap(
                                step ->
                                        sections.stream()
                                                .filter(section -> section.key().equals(step)))
                        .toList());
    }
}
