package airlock.bench;

import airlock.config.Housekeeping;
import airlock.config.RetainedKind;
import airlock.config.Retention;
import airlock.event.Prunable;
import airlock.queue.PrunableDeliveries;
import airlock.results.Blobs;
import airlock.results.PrunableLogs;
import airlock.results.RunLogs;
import airlock.retention.Janitor;
import airlock.store.Database;
import airlock.store.Stillness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// The janitor over a [LargeState]. With each look an hour has passed, so each finds the logs,
/// outputs and bodies of as many runs to remove, however many there are.
public final class Tidying {
    private static final Duration AGE = Duration.ofDays(30);
    private static final Duration BETWEEN = Duration.ofHours(1);

    /// How many runs an hour of a large state has.
    static final int IN_AN_HOUR = (int) (BETWEEN.toMillis() / LargeState.GAP);

    private final Janitor janitor;
    private Instant now = Instant.ofEpochMilli(LargeState.START).plus(AGE);

    /// @param state its state directory
    public Tidying(Database database, Path state) {
        var prunables =
                Map.<RetainedKind, Prunable>of(
                        RetainedKind.LOGS,
                        new PrunableLogs(
                                database,
                                new RunLogs(state.resolve("logs")),
                                state.resolve("work"),
                                () -> now),
                        RetainedKind.BLOBS,
                        new Blobs(database, state.resolve("blobs"), () -> now).prunable(),
                        RetainedKind.DELIVERIES,
                        new PrunableDeliveries(database, () -> now));
        this.janitor =
                new Janitor(
                        new Janitor.Parts(
                                prunables,
                                () -> Long.MAX_VALUE,
                                new Stillness(state),
                                database,
                                () -> now),
                        new Housekeeping(kept(), 0, BETWEEN),
                        _ -> kept());
    }

    private static Retention kept() {
        var all = new Retention.Bounds(AGE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        var bounds = new EnumMap<RetainedKind, Retention.Bounds>(RetainedKind.class);
        for (var kind : RetainedKind.values()) {
            bounds.put(kind, all);
        }
        return new Retention(bounds);
    }

    /// An hour passes, and the janitor looks.
    public void look() {
        now = now.plus(BETWEEN);
        var excesses = janitor.look();
        if (!excesses.isEmpty()) {
            throw new IllegalStateException("above a quota that has no end: " + excesses);
        }
    }
}
