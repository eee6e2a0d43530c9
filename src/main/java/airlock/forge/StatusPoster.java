package airlock.forge;

import airlock.event.CommitId;

/// Commit statuses at one forge.
///
/// **Threads**: any; the caller keeps the order. **Failures**: none, each is an answer; the caller
/// decides about retries. **Limits**: a request takes at most half a minute; [#post] makes one to
/// three, [#latest] one for each page of contexts. Redirects are never followed.
public interface StatusPoster {
    /// A fingerprint of the token, from which the token cannot be computed.
    String credential();

    /// Posts a status once.
    PostAnswer post(ForgeRepository repository, StatusUpdate update);

    /// Gets the newest status of `commit` with `context`.
    LatestAnswer latest(ForgeRepository repository, CommitId commit, String context);

    /// Whether `found` is what the forge stores for `update`, with the texts cut to its limits.
    boolean shows(LatestAnswer.Found found, StatusUpdate update);
}
