package airlock.config;

import airlock.config.Retention.Bounds;
import java.time.Duration;
import java.util.Locale;

/// Data that grows with every push, and its default retention. Its words are those of the
/// configuration and of `airlock du`.
public enum RetainedKind {
    LOGS("log", "Logs of runs", 365, 5, 1, 100), // with the consoles of their VMs
    BLOBS("blob", "Artifacts, caches and dependencies of runs", 90, 20, 2, 200),
    SOURCES("source", "Source tars", 14, 10, 0, 50),
    MIRRORS("mirror", "Mirrors of repositories", 180, 10, 0, 100),
    DELIVERIES("delivery", "Bodies of deliveries", 90, 1, 0, 5); // never their effects

    private final String key;
    private final String title;
    private final int days;
    private final long quota;
    private final long outsideQuota;
    private final long total;

    /// Sizes are GiB; `outsideQuota` is 0 if items don't record whether runs from outside made
    /// them.
    RetainedKind(String key, String title, int days, long quota, long outsideQuota, long total) {
        this.key = key;
        this.title = title;
        this.days = days;
        this.quota = quota;
        this.outsideQuota = outsideQuota;
        this.total = total;
    }

    /// The prefix of its keys.
    String key() {
        return key;
    }

    String title() {
        return title;
    }

    /// The bounds that apply unless the configuration has others.
    Bounds standard() {
        return new Bounds(Duration.ofDays(days), quota << 30, outsideQuota << 30, total << 30);
    }

    /// Whether its items record that only runs from outside made them.
    public boolean tellsOutside() {
        return outsideQuota > 0;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether its items can be recreated, so that they may go first when the disk is full.
    public boolean isCache() {
        return switch (this) {
            case SOURCES, MIRRORS -> true;
            case LOGS, BLOBS, DELIVERIES -> false;
        };
    }
}
