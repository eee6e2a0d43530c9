package airlock.queue;

import java.util.Locale;

/// The fate of a run's post_plan if its ref has moved on (T5, T7).
public enum OnMoved {
    /// The run ends: the newer commit publishes.
    SUPERSEDED,
    /// The run, a rerun, skips it.
    SKIPPED,
    /// It runs anyway, because the operator said so.
    PUBLISHED;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static OnMoved of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
