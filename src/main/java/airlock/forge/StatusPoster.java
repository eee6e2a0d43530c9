package airlock.forge;

import airlock.event.CommitId;
import java.util.Locale;

/// Commit statuses at one forge.
///
/// **Threads**: any; the caller keeps the order. **Failures**: none, each is an answer; the caller
/// decides about retries. **Limits**: a request takes at most half a minute; [#post] makes one to
/// three, [#latest] one for each page of contexts. Redirects are never followed.
public interface StatusPoster {
    /// A fingerprint of the token, from which the token cannot be computed.
    String credential();

    PostAnswer post(ForgeRepository repository, StatusUpdate update);

    /// Gets the newest status of `commit` with `context`.
    LatestAnswer latest(ForgeRepository repository, CommitId commit, String context);

    /// Whether `found` is what the forge stores for `update`, with the texts cut to its limits.
    boolean shows(LatestAnswer.Found found, StatusUpdate update);

    sealed interface PostAnswer permits PostAnswer.Posted, PostAnswer.Unknown, ApiFailure {
        record Posted() implements PostAnswer {}

        /// The request was sent and no answer came, so the forge may have it. Ask with
        /// [StatusPoster#latest] before posting again.
        record Unknown(String reason) implements PostAnswer {}
    }

    /// The newest status of a commit and context.
    sealed interface LatestAnswer permits LatestAnswer.Found, LatestAnswer.None, ApiFailure {
        /// The status.
        ///
        /// @param state the forge's word, such as `pending`
        record Found(String state, String description, String targetUrl) implements LatestAnswer {}

        record None() implements LatestAnswer {}
    }

    /// The state of a commit status, for Gitea, Forgejo and GitHub.
    enum CommitState {
        PENDING,
        SUCCESS,
        FAILURE,
        ERROR;

        /// The word in the API.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A commit status to post.
    ///
    /// @param description one line for people; cut to the forge's limit
    /// @param targetUrl a page with more, may be empty
    record StatusUpdate(
            CommitId commit,
            CommitState state,
            String context,
            String description,
            String targetUrl) {}
}
