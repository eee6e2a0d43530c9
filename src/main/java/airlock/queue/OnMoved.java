package airlock.queue;

import java.util.Locale;

/// What becomes of a run's post_plan where its ref has moved on (T5, T7).
public enum OnMoved {
    /// The run ends: the newer commit publishes.
    SUPERSEDED,
    /// The run, a rerun, goes without.
    SKIPPED,
    /// It is run all the same, since the operator said so.
    PUBLISHED;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static OnMoved of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
