package airlock.queue;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which repository each hook was pinned to by its first verified delivery (T8). A pin never
/// changes, so it is read once.
public final class Pins {
    private final Database database;
    private final Map<String, RepositoryId> known = new ConcurrentHashMap<>();

    public Pins(Database database) {
        this.database = database;
    }

    /// The repository of `hook` (`FORGE/NAME`); empty before its first delivery.
    public Optional<RepositoryId> of(String hook) {
        var pinned = Optional.ofNullable(known.get(hook)).or(() -> read(hook));
        pinned.ifPresent(id -> known.put(hook, id));
        return pinned;
    }

    private Optional<RepositoryId> read(String hook) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT repository FROM hook_pin WHERE hook = :hook")
                                .bind("hook", hook)
                                .map((rows, _) -> RepositoryId.parse(rows.getString(1)))
                                .findOne());
    }
}
