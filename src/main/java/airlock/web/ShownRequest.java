package airlock.web;

import java.util.List;

/// A request with its repository.
///
/// @param told its commit statuses, oldest first; empty where they are not shown
/// @param report all that is wrong with its plan; empty where it did not end for that
public record ShownRequest(
        ShownRepository repository, RequestView request, List<ToldStatus> told, String report) {
    public ShownRequest {
        told = List.copyOf(told);
    }
}
