package airlock.forge;

import airlock.event.CommitId;

/// Commit statuses at one forge.
///
/// **Threads**: any, at once; order is the caller's. **Failures**: none, each is an answer; what to
/// do next is the caller's (back-off, how often, giving up). **Limits**: a request takes at most
/// half a minute; [#post] makes one to three, [#latest] one for each page of contexts. Redirects
/// are never followed.
public interface StatusPoster {
    /// A mark of the token in force: equal marks are equal tokens, and no token can be read from
    /// it.
    String credential();

    /// Posts one status, once.
    PostAnswer post(StatusUpdate update);

    /// Asks for the newest status of `commit` with `context`.
    LatestAnswer latest(ForgeRepository repository, CommitId commit, String context);

    /// Whether `found` is what posting `update` leaves at the forge, texts cut as the forge's
    /// limits demand.
    boolean shows(LatestAnswer.Found found, StatusUpdate update);
}
