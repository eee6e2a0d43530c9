package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Which repository each hook was pinned to by its first verified delivery (T8). Pins never change,
/// so they are read once; [Intake] adds those that it makes.
///
/// **Threads**: any. Looking one up never reads the database, so that thousands of repositories
/// without a known id cost nothing.
public final class Pins {
    private final Map<String, RepositoryId> repositories = new ConcurrentHashMap<>();
    private final Map<RepositoryId, List<String>> hooks = new ConcurrentHashMap<>();

    public Pins(Database database) {
        database.read(
                        handle ->
                                handle.createQuery("SELECT hook, repository FROM hook_pin")
                                        .map(
                                                (rows, _) ->
                                                        Map.entry(
                                                                rows.getString(1),
                                                                RepositoryId.parse(
                                                                        rows.getString(2))))
                                        .list())
                .forEach(pin -> add(pin.getKey(), pin.getValue()));
    }

    /// The repository of `hook` (`FORGE/NAME`); empty before its first delivery.
    public Optional<RepositoryId> of(String hook) {
        return Optional.ofNullable(repositories.get(hook));
    }

    /// The hooks that are pinned to `repository`.
    public List<String> hooksOf(RepositoryId repository) {
        return List.copyOf(hooks.getOrDefault(repository, List.of()));
    }

    /// Adds a pin while its transaction is still open, because a worker may claim what the delivery
    /// asks for as soon as it is committed. If the commit fails, the forge delivers again, and that
    /// pins the hook again.
    void add(String hook, RepositoryId repository) {
        if (!repository.equals(repositories.put(hook, repository))) {
            hooks.computeIfAbsent(repository, _ -> new CopyOnWriteArrayList<>()).add(hook);
        }
    }
}
