package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.Secret;
import java.util.List;
import java.util.Optional;

/// Decides who may see which repositories (T10).
@FunctionalInterface
public interface Visibility {
    /// Answers what a client may see now. Called for each request, so it must be fast, and take the
    /// same steps whichever repository the request names.
    ///
    /// @param token as the client sent it; an invalid, expired or revoked token is ignored
    Sight of(Optional<Secret> token);

    /// The repositories that one client may see. Looking up a private repository and one that does
    /// not exist takes the same steps.
    interface Sight {
        /// All of them, in the order in which pages list them.
        List<ShownRepository> repositories();

        Optional<ShownRepository> with(RepositoryId id);

        /// By `FORGE/OWNER/REPOSITORY`; case is ignored, as forges do.
        Optional<ShownRepository> at(String path);

        /// Whether the client's token opens this repository. Only then its private artifacts are
        /// shown (T6), even if everyone may see the repository.
        boolean opens(RepositoryId id);
    }
}
