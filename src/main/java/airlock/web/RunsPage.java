package airlock.web;

import airlock.results.RunHead;
import java.util.List;
import java.util.Locale;

/// The page with the list of runs.
///
/// @param paused why commit statuses of the chosen repositories wait, if they do
/// @param waiting requests without runs; only on the first page
/// @param ended requests that ended without a run, newest first
/// @param runs newest first
public record RunsPage(
        Filter filter,
        List<String> paused,
        List<ShownRequest> waiting,
        List<ShownRequest> ended,
        List<ShownRun> runs,
        boolean more) {
    public RunsPage {
        paused = List.copyOf(paused);
        waiting = List.copyOf(waiting);
        ended = List.copyOf(ended);
        runs = List.copyOf(runs);
    }

    public record ShownRun(ShownRepository repository, RunHead run) {}

    public String older() {
        return filter.url(filter.repository()) + "&before=" + runs.getLast().run().id();
    }

    /// Which runs the user wants to see.
    ///
    /// @param offered repositories that the form suggests; none if there are many
    /// @param found those whose paths contain `repository`, unless it is the path of one
    /// @param repository a path or a part of one, as typed; empty for all
    /// @param subject a branch, tag or change request, as typed; empty for all
    public record Filter(
            List<ShownRepository> offered,
            List<ShownRepository> found,
            String repository,
            String subject,
            boolean first) {
        private static final int MAX_OFFERED = 50;
        private static final int MAX_LISTED = 20;

        public Filter {
            offered = offered.size() > MAX_OFFERED ? List.of() : List.copyOf(offered);
            found = List.copyOf(found);
        }

        static List<ShownRepository> fitting(List<ShownRepository> all, String text) {
            String wanted = text.toLowerCase(Locale.ROOT);
            return all.stream()
                    .filter(shown -> shown.path().toLowerCase(Locale.ROOT).contains(wanted))
                    .toList();
        }

        public boolean isActive() {
            return !repository.isEmpty() || !subject.isEmpty();
        }

        public List<ShownRepository> listed() {
            return found.stream().limit(MAX_LISTED).toList();
        }

        public String url(String path) {
            return "/?repository=" + Show.query(path) + "&subject=" + Show.query(subject);
        }
    }
}
