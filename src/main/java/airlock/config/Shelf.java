package airlock.config;

import java.time.Duration;

/// What Airlock keeps that grows with every push, and what of it is kept where the configuration
/// says nothing else. The words are the configuration's and `airlock du`'s.
public enum Shelf {
    /// The logs of runs, and the consoles of their VMs.
    LOGS("log", days(365), gib(5), gib(1), gib(100), "Logs of runs"),
    /// Outputs of phases: artifacts, caches, dependencies.
    BLOBS(
            "blob",
            days(90),
            gib(20),
            gib(2),
            gib(200),
            "Artifacts, caches and dependencies of runs"),
    /// Source tars; made again from the mirror.
    SOURCES("source", days(14), gib(10), 0, gib(50), "Source tars"),
    /// Bare mirrors; fetched again from the forge.
    MIRRORS("mirror", days(180), gib(10), 0, gib(100), "Mirrors of repositories"),
    /// The bodies of deliveries; what they caused is kept for ever.
    DELIVERIES("delivery", days(90), gib(1), 0, gib(5), "Bodies of deliveries");

    private final String key;
    private final Duration age;
    private final long quota;
    private final long outsideQuota;
    private final long total;
    private final String title;

    /// @param outsideQuota 0 if its items don't tell who made them
    Shelf(String key, Duration age, long quota, long outsideQuota, long total, String title) {
        this.key = key;
        this.age = age;
        this.quota = quota;
        this.outsideQuota = outsideQuota;
        this.total = total;
        this.title = title;
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    private static long gib(long gib) {
        return gib << 30;
    }

    /// How keys of the configuration begin.
    String key() {
        return key;
    }

    /// What it holds, for people.
    String title() {
        return title;
    }

    Duration age() {
        return age;
    }

    long quota() {
        return quota;
    }

    long outsideQuota() {
        return outsideQuota;
    }

    /// Whether its items tell that only runs from outside made them.
    public boolean tellsOutside() {
        return outsideQuota > 0;
    }

    long total() {
        return total;
    }

    /// How `airlock du` and findings call it.
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Whether it can be made again from elsewhere, so that it may go early when the disk is full.
    public boolean isCache() {
        return switch (this) {
            case SOURCES, MIRRORS -> true;
            case LOGS, BLOBS, DELIVERIES -> false;
        };
    }
}
