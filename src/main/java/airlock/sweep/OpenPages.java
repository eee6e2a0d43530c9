package airlock.sweep;

import airlock.event.RepositoryId;
import airlock.forge.ChangesAnswer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Cache of the pages of open change requests that came with an ETag, in memory only.
final class OpenPages {
    private final Map<RepositoryId, Map<Integer, ChangesAnswer.Page>> pages =
            new ConcurrentHashMap<>();

    Optional<ChangesAnswer.Page> find(RepositoryId repository, int page) {
        return Optional.ofNullable(pages.getOrDefault(repository, Map.of()).get(page));
    }

    void keep(RepositoryId repository, int number, ChangesAnswer.Page page) {
        pages.compute(
                repository,
                (_, old) -> {
                    var all = old == null ? new HashMap<Integer, ChangesAnswer.Page>() : old;
                    if (page.etag().isEmpty()) {
                        all.remove(number);
                    } else {
                        all.put(number, page);
                    }
                    if (!page.more()) {
                        all.keySet().removeIf(other -> other > number);
                    }
                    return all.isEmpty() ? null : all;
                });
    }
}
