package airlock.web;

import airlock.results.RequestView;
import airlock.statuses.StatusViews.OutboxRow;
import java.util.List;

/// A request with its repository.
///
/// @param statuses its commit statuses, oldest first; empty if they are not shown
/// @param report all that is wrong with its plan; empty if it did not end for that
public record ShownRequest(
        ShownRepository repository, RequestView request, List<OutboxRow> statuses, String report) {
    public ShownRequest {
        statuses = List.copyOf(statuses);
    }
}
