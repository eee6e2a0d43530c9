package airlock.web;

import airlock.base.Json;
import airlock.event.RunId;
import airlock.results.RunView;
import airlock.results.Views;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Caches runs for their live readers: a run is read at most once a second, even with a thousand
/// readers. Cached runs count against the [ReadBudget].
final class Snapshots {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final String SHARED = "live";

    private final Views views;
    private final ReadBudget budget;
    private final InstantSource clock;
    private final Map<RunId, Snapshot> kept = new HashMap<>();

    Snapshots(Views views, ReadBudget budget, InstantSource clock) {
        this.views = views;
        this.budget = budget;
        this.clock = clock;
    }

    /// @param state its [LiveState] as JSON
    /// @param tag changes with the state, but not with time alone
    /// @param word its state for people
    record Live(byte[] state, String tag, boolean isOver, String word) {}

    private record Snapshot(Optional<Live> run, long nanos, ReadBudget.Share share) {
        boolean isFresh() {
            return System.nanoTime() - nanos < MOMENT.toNanos();
        }
    }

    /// A run, at most a second old; empty if it does not exist or the budget is used up.
    synchronized Optional<Live> run(RunId id) {
        kept.values()
                .removeIf(
                        snapshot -> {
                            boolean old = !snapshot.isFresh();
                            if (old) {
                                snapshot.share.close();
                            }
                            return old;
                        });
        var fresh = kept.get(id);
        var snapshot = fresh == null ? look(id) : fresh;
        return snapshot == null ? Optional.empty() : snapshot.run;
    }

    private @Nullable Snapshot look(RunId id) {
        var share = budget.takeNow(SHARED, ReadBudget.BUILDING).orElse(null);
        if (share == null) {
            return null;
        }
        try {
            var run = views.run(id).map(this::live);
            share.keep(run.map(live -> live.state().length).orElse(0));
            var snapshot = new Snapshot(run, System.nanoTime(), share);
            kept.put(id, snapshot);
            return snapshot;
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private Live live(RunView run) {
        var state = LiveState.of(run, clock.instant());
        return new Live(
                Json.bytes(state),
                Etag.hash(Json.bytes(LiveState.timeless(run))),
                run.head().isOver(),
                run.head().mark().word());
    }
}
