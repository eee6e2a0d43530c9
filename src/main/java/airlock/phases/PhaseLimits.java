package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.Plan;
import airlock.vm.Drive;
import airlock.vm.GuestLimits;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.vm.VmEnd;
import airlock.vm.VmLimits;
import airlock.yaml.Units;
import java.time.Duration;
import java.util.Optional;

/// The limits of one phase: the operator's, lowered where the plan asks for less. Of each that is
/// reached it says what it is and where it is set.
record PhaseLimits(Limits granted, Plan plan, Phase phase) {
    private static final Duration BOOT = Duration.ofMinutes(3);

    static PhaseLimits of(PhaseOrder order) {
        return new PhaseLimits(order.settings().limits(), order.plan(), order.phase());
    }

    /// A limit that holds.
    ///
    /// @param key of the configuration, and of the plan where it may be lowered there
    private record Held<T>(T value, String key, boolean byPlan) {
        static <T extends Comparable<? super T>> Held<T> of(
                String key, T granted, Optional<T> asked) {
            return asked.filter(less -> less.compareTo(granted) < 0)
                    .map(less -> new Held<>(less, key, true))
                    .orElseGet(() -> new Held<>(granted, key, false));
        }
    }

    private Held<Duration> time() {
        return Held.of(phase.key() + "_time", granted.time(phase), plan.limits().time(phase));
    }

    private Held<Duration> cpuTime() {
        return Held.of("cpu_time", granted.cpuTime(), plan.limits().cpuTime());
    }

    private Held<Long> ofMemory() {
        return Held.of("memory", granted.memory(), plan.limits().memory());
    }

    private Held<Long> scratch() {
        return Held.of("scratch", granted.scratch(), plan.limits().scratch());
    }

    private Held<Long> processes() {
        return Held.of("processes", (long) granted.processes(), plan.limits().processes());
    }

    private Held<Long> log() {
        return Held.of("log", granted.log(), plan.limits().log());
    }

    /// What its VM may use.
    VmLimits ofVm() {
        return new VmLimits(
                BOOT,
                time().value(),
                cpuTime().value(),
                new GuestLimits(processes().value().intValue(), less(ofMemory()), less(scratch())),
                Held.of("console", granted.console(), plan.limits().console()).value(),
                log().value());
    }

    /// What the guest has to keep to; what the operator grants, its machine has and no more.
    private static long less(Held<Long> limit) {
        return limit.byPlan() ? limit.value() : 0;
    }

    /// Why a phase failed that took too much.
    String over(VmEnd.OverLimit over) {
        return switch (over.what()) {
            case STEPS, INPUT -> over.detail();
            case LOG -> over.detail() + where(log());
            case CPU_TIME -> over.detail() + where(cpuTime());
        };
    }

    /// Where the limit is set that ended a phase by its time.
    String ofTime() {
        return where(time());
    }

    /// What a step had too little of.
    String memory() {
        return "ran out of memory: "
                + (ofMemory().byPlan() ? "it may have " : "its VM has ")
                + Units.showSize(ofMemory().value())
                + where(ofMemory());
    }

    String tooManyProcesses() {
        return "wanted more than %d processes and threads at once".formatted(processes().value())
                + where(processes());
    }

    /// What a step took longer than.
    String tookTooLong(Step step) {
        return "timed out"
                + step.timeout()
                        .map(
                                limit ->
                                        " after %s (`timeout` of the action in %s)"
                                                .formatted(
                                                        Units.showDuration(limit),
                                                        plan.file().path()))
                        .orElse("");
    }

    /// @param detail in the guest's words, which begin with the place that is full
    String diskFull(GuestStep step, String detail) {
        String full = "found the disk full" + (detail.isEmpty() ? "" : ": " + detail);
        if (step instanceof GuestStep.Pack pack) {
            return Drive.ofDevice(pack.device()).map(this::tooLarge).orElse(full);
        }
        if (step instanceof GuestStep.Unpack || detail.startsWith("/ci ")) {
            return full + "; /ci has " + Units.showSize(scratch().value()) + where(scratch());
        }
        return detail.startsWith("/tmp ") || detail.startsWith("/dev/shm ")
                ? full
                        + "; it is half of the VM's memory of "
                        + Units.showSize(granted.memory())
                        + where("memory", granted.memory())
                : full;
    }

    private String tooLarge(Drive drive) {
        String name = DriveRules.word(drive);
        long size =
                switch (drive) {
                    case ARTIFACTS -> granted.artifacts();
                    case CACHE -> granted.cache();
                    case DEPENDENCIES -> granted.dependencies();
                    case PLAN, SOURCE, SECRETS, SCRATCH ->
                            throw new IllegalArgumentException(name + " is never packed");
                };
        return name + " became larger than " + Units.showSize(size) + where(name, size);
    }

    private String where(String key, Object value) {
        return where(new Held<>(value, key, false));
    }

    private String where(Held<?> limit) {
        return limit.byPlan()
                ? "; the plan's own `limits` say so with `%s`".formatted(limit.key())
                : "; whoever runs Airlock can raise `%s` below `limits`".formatted(limit.key());
    }
}
