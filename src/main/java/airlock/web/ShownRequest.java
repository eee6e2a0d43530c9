package airlock.web;

import java.util.List;

/// A request with its repository.
///
/// @param told its commit statuses, oldest first; empty where they are not shown
public record ShownRequest(ShownRepository repository, RequestView request, List<ToldStatus> told) {
    public ShownRequest {
        told = List.copyOf(told);
    }
}
