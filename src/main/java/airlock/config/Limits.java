package airlock.config;

import airlock.event.Phase;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// What a run of a repository may take. All sizes are bytes.
///
/// @param prePlanTime how long the VM of pre_plan may live, from its start
/// @param planTime the same for plan
/// @param postPlanTime the same for post_plan
/// @param cpuTime CPU time that the VM of a phase may take, all CPUs together
/// @param memory RAM of each VM
/// @param cpus virtual CPUs of each VM
/// @param processes how many processes and threads a step may have at once
/// @param log the longest log of one phase; what comes after it is cut
/// @param console how much of a VM's console is kept
/// @param artifacts the largest archive of artifacts
/// @param cache the largest archive of the cache
/// @param dependencies the largest archive of dependencies
/// @param scratch the disk that is mounted at /ci
/// @param sourceSize the sum of all file sizes of a commit
/// @param sourceFiles how many files a commit may have
/// @param sourceTime how long fetching and packing a commit may take
public record Limits(
        Duration prePlanTime,
        Duration planTime,
        Duration postPlanTime,
        Duration cpuTime,
        long memory,
        int cpus,
        int processes,
        long log,
        long console,
        long artifacts,
        long cache,
        long dependencies,
        long scratch,
        long sourceSize,
        int sourceFiles,
        Duration sourceTime) {

    /// Those of a configuration that sets none.
    public static Limits standard() {
        return LimitsSection.DEFAULTS;
    }

    /// The same with other sizes of what a run leaves, in bytes.
    public Limits withDrives(long artifactsSize, long cacheSize, long dependenciesSize) {
        return new Limits(
                prePlanTime,
                planTime,
                postPlanTime,
                cpuTime,
                memory,
                cpus,
                processes,
                log,
                console,
                artifactsSize,
                cacheSize,
                dependenciesSize,
                scratch,
                sourceSize,
                sourceFiles,
                sourceTime);
    }

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
