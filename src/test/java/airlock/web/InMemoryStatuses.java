package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.forge.StatusPoster.CommitState;
import airlock.statuses.StatusPauses.StatusPause;
import airlock.statuses.StatusViews;
import airlock.statuses.StatusViews.OutboxRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Commit statuses in memory.
final class InMemoryStatuses implements StatusViews {
    private final Map<RequestId, List<OutboxRow>> rows = new ConcurrentHashMap<>();
    private final List<StatusPause> paused = new CopyOnWriteArrayList<>();

    static OutboxRow row(
            CommitState state, String description, OutboxRow.Outcome outcome, String detail) {
        return new OutboxRow(
                Samples.COMMIT, "airlock/main", state, description, outcome, detail, Samples.NOW);
    }

    void put(RequestId request, OutboxRow... statuses) {
        rows.put(request, List.of(statuses));
    }

    void pause(String forge, Optional<RepositoryId> repository, String reason, String cure) {
        paused.add(new StatusPause(forge, repository, reason, cure, Samples.NOW, Samples.NOW));
    }

    @Override
    public List<OutboxRow> of(RequestId request) {
        return rows.getOrDefault(request, List.of());
    }

    @Override
    public List<StatusPause> paused() {
        return paused;
    }
}
