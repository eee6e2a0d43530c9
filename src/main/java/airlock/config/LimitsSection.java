package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Units;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Limits over others: what is not written stays as it is.
final class LimitsSection {
    /// The limits where the configuration has none.
    static final Limits DEFAULTS =
            new Limits(
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    Duration.ofMinutes(30),
                    Duration.ofDays(7),
                    2L << 30,
                    2,
                    4096,
                    64L << 20,
                    1L << 20,
                    1L << 30,
                    10L << 30,
                    10L << 30,
                    20L << 30,
                    2L << 30,
                    500_000,
                    Duration.ofMinutes(10));

    private static final Type<Duration> TIME =
            Scalars.duration(Duration.ofSeconds(10), Duration.ofDays(7));
    private static final Type<Long> DRIVE = Scalars.size(1L << 20, 1L << 44);

    private final boolean forRepository;
    private final Key<Duration> prePlanTime =
            time("pre_plan_time", Limits::prePlanTime, "How long the VM of pre_plan may live.");
    private final Key<Duration> planTime =
            time("plan_time", Limits::planTime, "How long the VM of plan may live.");
    private final Key<Duration> postPlanTime =
            time("post_plan_time", Limits::postPlanTime, "How long the VM of post_plan may live.");
    private final Key<Duration> cpuTime =
            time(
                    "cpu_time",
                    Limits::cpuTime,
                    "CPU time that the VM of a phase may take, all CPUs together.");
    private final Key<Long> memory =
            size("memory", Scalars.size(128L << 20, 1L << 42), Limits::memory, "RAM of each VM.");
    private final Key<Long> cpus =
            key(
                    "cpus",
                    Scalars.integer(1, 64),
                    limits -> Integer.toString(limits.cpus()),
                    "Virtual CPUs of each VM.");
    private final Key<Long> log =
            size(
                    "log",
                    Scalars.size(1L << 16, 1L << 34),
                    Limits::log,
                    "The longest log of one phase; what comes after it is cut off.");
    private final Key<Long> processes =
            key(
                    "processes",
                    Scalars.integer(16, 1 << 22),
                    limits -> Integer.toString(limits.processes()),
                    "How many processes and threads an action may have at once.");
    private final Key<Long> console =
            size(
                    "console",
                    Scalars.size(1L << 12, 1L << 30),
                    Limits::console,
                    "How much of the console of each VM is kept.");
    private final Key<Long> artifacts =
            size("artifacts", DRIVE, Limits::artifacts, "The largest archive of artifacts.");
    private final Key<Long> cache =
            size("cache", DRIVE, Limits::cache, "The largest archive of the cache.");
    private final Key<Long> dependencies =
            size("dependencies", DRIVE, Limits::dependencies, "The largest one of dependencies.");
    private final Key<Long> scratch =
            size(
                    "scratch",
                    DRIVE,
                    Limits::scratch,
                    "The disk at `/ci` of each VM: source, outputs and all that actions write"
                            + " there. It takes space on the host only as it fills.");
    private final Key<Long> sourceSize =
            size("source_size", DRIVE, Limits::sourceSize, "All files of a commit together.");
    private final Key<Long> sourceFiles =
            key(
                    "source_files",
                    Scalars.integer(1, 100_000_000),
                    limits -> Integer.toString(limits.sourceFiles()),
                    "How many files a commit may have.");
    private final Key<Duration> sourceTime =
            time("source_time", Limits::sourceTime, "How long fetching a commit may take.");

    /// @param forRepository whether they stand below a repository, over the common ones
    LimitsSection(boolean forRepository) {
        this.forRepository = forRepository;
    }

    private Key<Duration> time(String name, Function<Limits, Duration> of, String meaning) {
        return key(name, TIME, limits -> Units.showDuration(of.apply(limits)), meaning);
    }

    private Key<Long> size(
            String name, Type<Long> type, Function<Limits, Long> of, String meaning) {
        return key(name, type, limits -> Units.showSize(of.apply(limits)), meaning);
    }

    private <T> Key<T> key(
            String name, Type<T> type, Function<Limits, String> shown, String meaning) {
        String without = forRepository ? "that of `limits`" : "`" + shown.apply(DEFAULTS) + "`";
        return Key.free(name, type, without, meaning).example(shown.apply(DEFAULTS));
    }

    Section<UnaryOperator<Limits>> section() {
        return new Section<>(
                forRepository ? "repositories[].limits" : "limits",
                forRepository
                        ? "Limits for this repository alone."
                        : "What a run may take, for repositories that set no limits of their own.",
                List.of(
                        prePlanTime,
                        planTime,
                        postPlanTime,
                        cpuTime,
                        memory,
                        cpus,
                        processes,
                        log,
                        console,
                        artifacts,
                        cache,
                        dependencies,
                        scratch,
                        sourceSize,
                        sourceFiles,
                        sourceTime),
                values -> limits -> over(limits, values));
    }

    private Limits over(Limits limits, Values values) {
        return new Limits(
                values.find(prePlanTime).orElse(limits.prePlanTime()),
                values.find(planTime).orElse(limits.planTime()),
                values.find(postPlanTime).orElse(limits.postPlanTime()),
                values.find(cpuTime).orElse(limits.cpuTime()),
                values.find(memory).orElse(limits.memory()),
                values.find(cpus).map(Long::intValue).orElse(limits.cpus()),
                values.find(processes).map(Long::intValue).orElse(limits.processes()),
                values.find(log).orElse(limits.log()),
                values.find(console).orElse(limits.console()),
                values.find(artifacts).orElse(limits.artifacts()),
                values.find(cache).orElse(limits.cache()),
                values.find(dependencies).orElse(limits.dependencies()),
                values.find(scratch).orElse(limits.scratch()),
                values.find(sourceSize).orElse(limits.sourceSize()),
                values.find(sourceFiles).map(Long::intValue).orElse(limits.sourceFiles()),
                values.find(sourceTime).orElse(limits.sourceTime()));
    }
}
