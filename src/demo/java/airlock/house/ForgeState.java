package airlock.house;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What the loopback forge knows, whichever kind of forge it is asked as.
final class ForgeState {
    private final Map<Long, HostedRepository> repositories = new ConcurrentHashMap<>();
    private final Map<String, Long> names = new ConcurrentHashMap<>();
    private final Map<String, Boolean> tokens = new ConcurrentHashMap<>();
    private final List<PostedStatus> statuses = new CopyOnWriteArrayList<>();
    private final Map<Long, Map<Long, HostedChange>> changes = new ConcurrentHashMap<>();
    private volatile Consumer<PostedStatus> onStatus = _ -> {};

    void host(HostedRepository repository) {
        repositories.put(repository.id(), repository);
        names.put(key(repository.name()), repository.id());
    }

    /// The repository that has or had this name.
    Optional<HostedRepository> find(String name) {
        return Optional.ofNullable(names.get(key(name))).map(repositories::get);
    }

    Optional<HostedRepository> find(long id) {
        return Optional.ofNullable(repositories.get(id));
    }

    static boolean isNameOf(HostedRepository repository, String name) {
        return key(repository.name()).equals(key(name));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    void token(String token, boolean writes) {
        tokens.put(token, writes);
    }

    boolean isToken(String token) {
        return tokens.containsKey(token);
    }

    boolean maySee(HostedRepository repository, Optional<String> token) {
        return !repository.hidden() || mayWrite(token);
    }

    boolean mayWrite(Optional<String> token) {
        return token.isPresent() && tokens.getOrDefault(token.get(), false);
    }

    void change(long repository, HostedChange change) {
        changes.computeIfAbsent(repository, _ -> new ConcurrentSkipListMap<>())
                .put(change.number(), change);
    }

    /// Oldest first.
    List<HostedChange> changes(HostedRepository repository) {
        var all = changes.get(repository.id());
        return all == null ? List.of() : List.copyOf(all.values());
    }

    void onStatus(Consumer<PostedStatus> listener) {
        onStatus = listener;
    }

    synchronized PostedStatus store(
            HostedRepository repository, String commit, Map<String, Object> body) {
        var status =
                new PostedStatus(
                        statuses.size() + 1,
                        repository.id(),
                        commit,
                        text(body, "context"),
                        text(body, "state"),
                        text(body, "description"),
                        text(body, "target_url"));
        statuses.add(status);
        onStatus.accept(status);
        return status;
    }

    private static String text(Map<String, Object> body, String key) {
        return body.get(key) instanceof String text ? text : "";
    }

    List<PostedStatus> statuses() {
        return List.copyOf(statuses);
    }

    List<PostedStatus> statuses(HostedRepository repository, String commit) {
        return statuses.stream()
                .filter(s -> s.repository() == repository.id() && s.commit().equals(commit))
                .toList();
    }
}
