package airlock.phases;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.DriveRules;
import airlock.plan.Plan;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.vm.VmEnd;
import airlock.vm.VmSpec.VmLimits;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import airlock.yaml.Units;
import java.time.Duration;
import java.util.Optional;

/// The limits of one phase: the operator's, lowered by the plan. Explains each limit that a phase
/// reached: its value, and where it is set.
record PhaseLimits(Limits granted, Plan plan, Phase phase) {
    private static final Duration BOOT = Duration.ofMinutes(3);

    static PhaseLimits of(PhaseOrder order) {
        return new PhaseLimits(order.settings().limits(), order.plan(), order.phase());
    }

    private record Held<T extends Comparable<? super T>>(T value, String key, By by) {
        static <T extends Comparable<? super T>> Held<T> of(
                String key, T granted, Optional<T> asked) {
            return new Held<>(granted, key, By.OPERATOR).lowered(key, asked, By.LIMITS);
        }

        Held<T> lowered(String other, Optional<T> asked, By who) {
            return asked.filter(less -> less.compareTo(value) < 0)
                    .map(less -> new Held<>(less, other, who))
                    .orElse(this);
        }
    }

    private enum By {
        OPERATOR,
        /// The `limits` of the plan.
        LIMITS,
        /// Another key of the plan.
        PLAN
    }

    private Held<Duration> time() {
        var asked = plan.limits().time(phase);
        String key = phase.key() + "_time";
        return asked.isPresent()
                ? Held.of(key, granted.time(phase), asked)
                : new Held<>(granted.time(phase), key, By.OPERATOR)
                        .lowered("timeout", plan.settings().timeout(), By.PLAN);
    }

    private Held<Duration> cpuTime() {
        return Held.of("cpu_time", granted.cpuTime(), plan.limits().cpuTime());
    }

    private Held<Long> ofMemory() {
        return ofMachine().lowered("memory", plan.limits().memory(), By.LIMITS);
    }

    private Held<Long> ofMachine() {
        long machine = (long) PhaseShape.of(granted, plan.settings()).memoryMib() << 20;
        return new Held<>(granted.memory(), "memory", By.OPERATOR)
                .lowered("memory", Optional.of(machine), By.PLAN);
    }

    private Held<Long> scratch() {
        return Held.of("scratch", granted.scratch(), plan.limits().scratch());
    }

    private Held<Integer> processes() {
        return Held.of("processes", granted.processes(), plan.limits().processes());
    }

    private Held<Long> log() {
        return Held.of("log", granted.log(), plan.limits().log());
    }

    VmLimits ofVm() {
        return new VmLimits(
                BOOT,
                time().value(),
                cpuTime().value(),
                new GuestLimits(processes().value(), less(ofMemory()), less(scratch())),
                Held.of("console", granted.console(), plan.limits().console()).value(),
                log().value());
    }

    /// A limit within the guest; 0 for the operator's, which is the machine's size.
    private static long less(Held<Long> limit) {
        return limit.by() == By.LIMITS ? limit.value() : 0;
    }

    String over(VmEnd.OverLimit over) {
        return switch (over.what()) {
            case STEPS, INPUT -> over.detail();
            case LOG -> over.detail() + where(log());
            case CPU_TIME -> over.detail() + where(cpuTime());
        };
    }

    String ofTime() {
        return where(time());
    }

    String memory() {
        return "ran out of memory: "
                + (ofMemory().by() == By.LIMITS ? "it may have " : "its VM has ")
                + Units.showSize(ofMemory().value())
                + where(ofMemory());
    }

    String tooManyProcesses() {
        return "wanted more than %d processes and threads at once".formatted(processes().value())
                + where(processes());
    }

    String tookTooLong(Step step) {
        return "timed out"
                + step.timeout()
                        .map(
                                limit ->
                                        " after %s (`timeout` of the action in %s)"
                                                .formatted(Units.showDuration(limit), plan.path()))
                        .orElse("");
    }

    /// @param detail in the guest's words, which begin with the full place
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
                        + Units.showSize(ofMachine().value())
                        + where(ofMachine())
                : full;
    }

    private String tooLarge(Drive drive) {
        String name = DriveRules.word(drive);
        long size = PhaseVm.granted(granted, drive);
        return name
                + " became larger than "
                + Units.showSize(size)
                + where(new Held<>(size, name, By.OPERATOR));
    }

    private static String where(Held<?> limit) {
        return switch (limit.by()) {
            case OPERATOR -> "; the operator can raise `%s` below `limits`".formatted(limit.key());
            case LIMITS -> "; the plan's own `limits` say so with `%s`".formatted(limit.key());
            case PLAN -> "; the plan's own `%s` says so".formatted(limit.key());
        };
    }
}
