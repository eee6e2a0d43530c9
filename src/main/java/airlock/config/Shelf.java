package airlock.config;

import airlock.config.Retention.Bounds;
import java.time.Duration;
import java.util.Locale;

/// What Airlock keeps that grows with every push, and how much of it is kept unless the
/// configuration says otherwise. The words are the configuration's and `airlock du`'s.
public enum Shelf {
    /// The logs of runs, and the consoles of their VMs.
    LOGS("log", "Logs of runs", 365, 5, 1, 100),
    /// Outputs of phases: artifacts, caches, dependencies.
    BLOBS("blob", "Artifacts, caches and dependencies of runs", 90, 20, 2, 200),
    /// Source tars; made again from the mirror.
    SOURCES("source", "Source tars", 14, 10, 0, 50),
    /// Bare mirrors; fetched again from the forge.
    MIRRORS("mirror", "Mirrors of repositories", 180, 10, 0, 100),
    /// The bodies of deliveries; what they caused is kept for ever.
    DELIVERIES("delivery", "Bodies of deliveries", 90, 1, 0, 5);

    private final String key;
    private final String title;
    private final int days;
    private final long quota;
    private final long outsideQuota;
    private final long total;

    /// Sizes are GiB; `outsideQuota` is 0 if its items don't tell who made them.
    Shelf(String key, String title, int days, long quota, long outsideQuota, long total) {
        this.key = key;
        this.title = title;
        this.days = days;
        this.quota = quota;
        this.outsideQuota = outsideQuota;
        this.total = total;
    }

    /// How keys of the configuration begin.
    String key() {
        return key;
    }

    /// What it holds, for people.
    String title() {
        return title;
    }

    /// What of it is kept unless the configuration says otherwise.
    Bounds standard() {
        return new Bounds(Duration.ofDays(days), quota << 30, outsideQuota << 30, total << 30);
    }

    /// Whether its items tell that only runs from outside made them.
    public boolean tellsOutside() {
        return outsideQuota > 0;
    }

    /// How `airlock du` and findings call it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it can be made again from elsewhere, so that it may go early when the disk is full.
    public boolean isCache() {
        return switch (this) {
            case SOURCES, MIRRORS -> true;
            case LOGS, BLOBS, DELIVERIES -> false;
        };
    }
}
