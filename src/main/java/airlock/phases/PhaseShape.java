package airlock.phases;

import airlock.config.Limits;
import airlock.plan.PlanSettings;
import airlock.vm.Drive;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmModel.VmShape;
import java.util.Optional;

/// The shape of a phase's VM: the operator's, or less if the plan wants less. Drives have the
/// operator's sizes in any case. A template serves one shape, so there are few of them: CPUs and
/// mebibytes are powers of two, or the operator's.
public final class PhaseShape {
    private static final long GRAIN = 4096;
    private static final long MIB = 1 << 20;

    private PhaseShape() {}

    static VmShape of(Limits limits, PlanSettings plan) {
        var granted = of(limits);
        long cpus = rounded(granted.cpus(), plan.cpus().map(Integer::longValue));
        long mebibytes =
                rounded(granted.memoryMib(), plan.memory().map(bytes -> (bytes + MIB - 1) / MIB));
        return new VmShape((int) cpus, (int) mebibytes, granted.slots());
    }

    private static long rounded(long granted, Optional<Long> asked) {
        return asked.map(least -> Long.highestOneBit(2 * least - 1))
                .filter(less -> less < granted)
                .orElse(granted);
    }

    public static VmShape of(Limits limits) {
        var slots =
                DriveSlots.standard()
                        .with(Drive.SCRATCH, whole(limits.scratch()))
                        .with(Drive.ARTIFACTS, whole(limits.artifacts()))
                        .with(Drive.CACHE, whole(limits.cache()))
                        .with(Drive.DEPENDENCIES, whole(limits.dependencies()));
        return new VmShape(limits.cpus(), (int) (limits.memory() / MIB), slots);
    }

    /// A size in whole blocks, of at least the size of an empty archive.
    static long whole(long bytes) {
        return Math.max(GRAIN, (bytes + GRAIN - 1) / GRAIN * GRAIN);
    }
}
