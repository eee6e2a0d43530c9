package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Binder;
import airlock.yaml.Setting;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// Limits of a repository's runs. Sizes are bytes.
@Setting.Group(title = "limits", about = "Limits of a run, for repositories without their own.")
public record Limits(
        @Setting(value = "Lifetime of the VM of pre_plan.", or = "30m", range = "10s to 7d")
                Duration prePlanTime,
        @Setting(value = "Lifetime of the VM of plan.", or = "1h", range = "10s to 7d")
                Duration planTime,
        @Setting(value = "Lifetime of the VM of post_plan.", or = "30m", range = "10s to 7d")
                Duration postPlanTime,
        @Setting(value = "CPU time of a phase on all CPUs.", or = "7d", range = "10s to 7d")
                Duration cpuTime,
        @Setting(value = "RAM of each VM.", or = "2 GiB", range = "128 MiB to 4 TiB") long memory,
        @Setting(value = "Virtual CPUs of each VM.", or = "2", range = "1 to 64") int cpus,
        @Setting(
                        value = "Processes and threads of an action.",
                        or = "4096",
                        range = "16 to 4194304")
                int processes,
        @Setting(value = "Kept part of a phase's log.", or = "64 MiB", range = "64 KiB to 16 GiB")
                long log,
        @Setting(value = "Kept part of a VM's console.", or = "1 MiB", range = "4 KiB to 1 GiB")
                long console,
        @Setting(value = "Archive size of artifacts.", or = "1 GiB", range = "1 MiB to 16 TiB")
                long artifacts,
        @Setting(value = "Archive size of the cache.", or = "10 GiB", range = "1 MiB to 16 TiB")
                long cache,
        @Setting(value = "Archive size of dependencies.", or = "10 GiB", range = "1 MiB to 16 TiB")
                long dependencies,
        @Setting(
                        value =
                                "The disk at `/ci` of each VM, for source, outputs and all other"
                                        + " files of actions. It takes space on the host only as"
                                        + " it fills.",
                        or = "20 GiB",
                        range = "1 MiB to 16 TiB")
                long scratch,
        @Setting(value = "Size of all files of a commit.", or = "2 GiB", range = "1 MiB to 16 TiB")
                long sourceSize,
        @Setting(value = "Number of files of a commit.", or = "500000", range = "1 to 100000000")
                int sourceFiles,
        @Setting(value = "How long fetching a commit may take.", or = "10m", range = "10s to 7d")
                Duration sourceTime) {
    public static final Limits STANDARD = Binder.standard().section(Limits.class).ofNothing();

    /// The longest lifetime of any phase's VM.
    public Duration longest() {
        return Stream.of(Phase.values())
                .map(this::time)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    public Duration time(Phase phase) {
        return switch (phase) {
            case PRE_PLAN -> prePlanTime;
            case PLAN -> planTime;
            case POST_PLAN -> postPlanTime;
        };
    }
}
