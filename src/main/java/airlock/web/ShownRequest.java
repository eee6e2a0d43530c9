package airlock.web;

/// A request with its repository.
public record ShownRequest(ShownRepository repository, RequestView request) {}
