package airlock.web;

import airlock.event.RunId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Runs as they were at most a moment ago, shared by all who follow them live, so that a run with
/// a thousand readers costs the store one look a second.
final class Snapshots {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final int MOST = 256;

    private final Views views;
    private final ConcurrentHashMap<RunId, Snapshot> kept = new ConcurrentHashMap<>();

    Snapshots(Views views) {
        this.views = views;
    }

    private record Snapshot(Optional<RunView> run, long nanos) {
        boolean isFresh() {
            return System.nanoTime() - nanos < MOMENT.toNanos();
        }
    }

    Optional<RunView> run(RunId id) {
        if (kept.size() > MOST) {
            kept.values().removeIf(snapshot -> !snapshot.isFresh());
        }
        return kept.compute(
                        id,
                        (_, old) ->
                                old != null && old.isFresh()
                                        ? old
                                        : new Snapshot(views.run(id), System.nanoTime()))
                .run();
    }
}
