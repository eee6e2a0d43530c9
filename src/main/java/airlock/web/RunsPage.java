package airlock.web;

import airlock.results.RunHead;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What the list of runs shows.
///
/// @param repositories those that are offered while a name is written; none if there are many
/// @param found those that fit what was written, if that is not the path of one
/// @param repository the chosen one's path or a part of some paths, as it was written; empty for
///     all
/// @param subject the chosen branch, tag or change request as it was written
/// @param paused why commit statuses of the chosen repositories wait, if they do
/// @param waiting requests without runs; only on the first page
/// @param ended requests that ended without a run, newest first
/// @param runs newest first
/// @param first whether it is the first page
/// @param more whether there are older runs
public record RunsPage(
        List<ShownRepository> repositories,
        List<ShownRepository> found,
        String repository,
        String subject,
        List<String> paused,
        List<ShownRequest> waiting,
        List<ShownRequest> ended,
        List<ShownRun> runs,
        boolean first,
        boolean more) {
    public RunsPage {
        repositories = List.copyOf(repositories);
        found = List.copyOf(found);
        paused = List.copyOf(paused);
        waiting = List.copyOf(waiting);
        ended = List.copyOf(ended);
        runs = List.copyOf(runs);
    }

    private static final int LISTED = 20;

    /// A run with its repository.
    public record ShownRun(ShownRepository repository, RunHead run) {}

    /// Whether not all runs are wanted.
    public boolean isFiltered() {
        return !repository.isEmpty() || !subject.isEmpty();
    }

    /// As many of those that fit as a page lists.
    public List<ShownRepository> listed() {
        return found.stream().limit(LISTED).toList();
    }

    /// The URL of a repository's list.
    public String of(ShownRepository one) {
        return "/?repository=" + encoded(one.path()) + "&subject=" + encoded(subject);
    }

    /// The URL of the next page.
    public String older() {
        return "/?repository="
                + encoded(repository)
                + "&subject="
                + encoded(subject)
                + "&before="
                + runs.getLast().run().id();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
