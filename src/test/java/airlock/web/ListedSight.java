package airlock.web;

import airlock.event.RepositoryId;
import java.util.List;
import java.util.Optional;

/// A few repositories that are looked through one by one.
///
/// @param opened whether a token opens all of them
record ListedSight(List<ShownRepository> repositories, boolean opened) implements Visibility.Sight {
    ListedSight {
        repositories = List.copyOf(repositories);
    }

    @Override
    public boolean opens(RepositoryId id) {
        return opened;
    }

    @Override
    public Optional<ShownRepository> with(RepositoryId id) {
        return repositories.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    @Override
    public Optional<ShownRepository> at(String path) {
        return repositories.stream().filter(one -> one.path().equalsIgnoreCase(path)).findFirst();
    }
}
