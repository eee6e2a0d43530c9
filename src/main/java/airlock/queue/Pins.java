package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The repositories to which hooks were pinned by their first verified delivery (T8). Pins never
/// change, so they are read once; [Intake] adds new ones.
///
/// **Threads**: any. A lookup does not read the database, so thousands of repositories without a
/// known id cost nothing.
public final class Pins {
    private final Map<String, RepositoryId> repositories = new ConcurrentHashMap<>();
    private final Map<RepositoryId, List<String>> hooks = new ConcurrentHashMap<>();

    public Pins(Database database) {
        database.select(
                        (rows, _) ->
                                Map.entry(rows.getString(1), RepositoryId.parse(rows.getString(2))),
                        "SELECT hook, repository FROM hook_pin")
                .forEach(pin -> add(pin.getKey(), pin.getValue()));
    }

    /// The repository of `hook` (`FORGE/NAME`); empty before its first delivery.
    public Optional<RepositoryId> of(String hook) {
        return Optional.ofNullable(repositories.get(hook));
    }

    public List<String> hooksOf(RepositoryId repository) {
        return List.copyOf(hooks.getOrDefault(repository, List.of()));
    }

    /// Adds a pin before its transaction is committed, because a worker may claim the delivery's
    /// request right after the commit. If the commit fails, the next delivery pins the hook again.
    void add(String hook, RepositoryId repository) {
        if (!repository.equals(repositories.put(hook, repository))) {
            hooks.computeIfAbsent(repository, _ -> new CopyOnWriteArrayList<>()).add(hook);
        }
    }
}
