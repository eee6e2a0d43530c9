package airlock.results;

import java.util.List;

/// A page of a list of runs.
///
/// @param runs newest first
public record RunList(List<RunHead> runs, boolean more) {
    public RunList {
        runs = List.copyOf(runs);
    }

    /// The id of its last run; empty if it is the last page.
    public String oldest() {
        return more ? runs.getLast().id().text() : "";
    }
}
