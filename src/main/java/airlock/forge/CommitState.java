package airlock.forge;

import java.util.Locale;

/// The state of a commit status, for Gitea, Forgejo and GitHub.
public enum CommitState {
    PENDING,
    SUCCESS,
    FAILURE,
    ERROR;

    /// The word in the API.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
