package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// What a run of a repository may take. All sizes are bytes.
@Setting.Group(
        title = "limits",
        about = "What a run may take, for repositories that set no limits of their own.")
public record Limits(
        @Setting(value = "How long the VM of pre_plan may live.", or = "30m", range = "10s to 7d")
                Duration prePlanTime,
        @Setting(value = "How long the VM of plan may live.", or = "1h", range = "10s to 7d")
                Duration planTime,
        @Setting(value = "How long the VM of post_plan may live.", or = "30m", range = "10s to 7d")
                Duration postPlanTime,
        @Setting(
                        value = "CPU time that the VM of a phase may take, all CPUs together.",
                        or = "7d",
                        range = "10s to 7d")
                Duration cpuTime,
        @Setting(value = "RAM of each VM.", or = "2 GiB", range = "128 MiB to 4 TiB") long memory,
        @Setting(value = "Virtual CPUs of each VM.", or = "2", range = "1 to 64") int cpus,
        @Setting(
                        value = "How many processes and threads an action may have at once.",
                        or = "4096",
                        range = "16 to 4194304")
                int processes,
        @Setting(
                        value = "The longest log of one phase; what comes after it is cut off.",
                        or = "64 MiB",
                        range = "64 KiB to 16 GiB")
                long log,
        @Setting(
                        value = "How much of the console of each VM is kept.",
                        or = "1 MiB",
                        range = "4 KiB to 1 GiB")
                long console,
        @Setting(
                        value = "The largest archive of artifacts.",
                        or = "1 GiB",
                        range = "1 MiB to 16 TiB")
                long artifacts,
        @Setting(
                        value = "The largest archive of the cache.",
                        or = "10 GiB",
                        range = "1 MiB to 16 TiB")
                long cache,
        @Setting(
                        value = "The largest one of dependencies.",
                        or = "10 GiB",
                        range = "1 MiB to 16 TiB")
                long dependencies,
        @Setting(
                        value =
                                "The disk at `/ci` of each VM: source, outputs and all that actions"
                                        + " write there. It takes space on the host only as it fills.",
                        or = "20 GiB",
                        range = "1 MiB to 16 TiB")
                long scratch,
        @Setting(value = "All files of a commit together.", or = "2 GiB", range = "1 MiB to 16 TiB")
                long sourceSize,
        @Setting(
                        value = "How many files a commit may have.",
                        or = "500000",
                        range = "1 to 100000000")
                int sourceFiles,
        @Setting(value = "How long fetching a commit may take.", or = "10m", range = "10s to 7d")
                Duration sourceTime) {
    /// Those of a configuration that sets none.
    public static final Limits STANDARD = Binder.standard().section(Limits.class).ofNothing();

    /// How long the VM of any phase may live at most.
    public Duration longest() {
        return Stream.of(Phase.values())
                .map(this::time)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /// How long the VM of `phase` may live.
    public Duration time(Phase phase) {
        return switch (phase) {
            case PRE_PLAN -> prePlanTime;
            case PLAN -> planTime;
            case POST_PLAN -> postPlanTime;
        };
    }
}
