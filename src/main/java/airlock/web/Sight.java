package airlock.web;

import airlock.event.RepositoryId;
import java.util.List;
import java.util.Optional;

/// What one reader may see. What is private and what does not exist are looked up alike.
public interface Sight {
    /// All of it, in the order in which people should see it.
    List<ShownRepository> repositories();

    /// The repository with this id.
    Optional<ShownRepository> with(RepositoryId id);

    /// By `FORGE/OWNER/REPOSITORY`; names are compared as forges do, without regard to case.
    Optional<ShownRepository> at(String path);

    /// Whether a token opens the repository with this id, whoever else may see it: only then what
    /// is private within it is shown (T6).
    boolean opens(RepositoryId id);
}
