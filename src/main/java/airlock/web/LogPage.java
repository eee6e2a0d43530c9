package airlock.web;

import airlock.results.RunHead;
import airlock.results.RunView;
import java.util.List;

/// What a page of a log shows.
///
/// @param sections by step, in the order in which the steps wrote
public record LogPage(
        ShownRepository repository, RunView view, LogRange log, List<LogSection> sections) {
    public LogPage {
        sections = List.copyOf(sections);
    }

    /// The run in short.
    public RunHead run() {
        return view.head();
    }

    /// The run's URL; what belongs to it is below.
    public String url() {
        return "/runs/" + run().id();
    }

    /// One for a range of a run's log.
    static LogPage of(ShownRepository repository, RunView run, LogRange log) {
        var boxes = PhaseBox.of(run, log);
        var sections =
                log.steps().stream()
                        .flatMap(
                                step ->
                                        boxes.stream()
                                                .flatMap(box -> box.sections().stream())
                                                .filter(section -> section.key().equals(step)))
                        .toList();
        return new LogPage(repository, run, log, sections);
    }
}
