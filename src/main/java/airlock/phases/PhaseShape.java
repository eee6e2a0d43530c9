package airlock.phases;

import airlock.config.Limits;
import airlock.vm.Drive;
import airlock.vm.DriveSlots;
import airlock.vm.VmShape;

/// What the VM of any phase looks like to its guest. It is the operator's alone: one template
/// serves all plans, whatever sizes they ask for.
public final class PhaseShape {
    private static final long GRAIN = 4096;
    private static final long MIB = 1 << 20;

    private PhaseShape() {}

    /// The shape that these limits give.
    public static VmShape of(Limits limits) {
        var slots =
                DriveSlots.standard()
                        .with(Drive.SCRATCH, whole(limits.scratch()))
                        .with(Drive.ARTIFACTS, whole(limits.artifacts()))
                        .with(Drive.CACHE, whole(limits.cache()))
                        .with(Drive.DEPENDENCIES, whole(limits.dependencies()));
        return new VmShape(limits.cpus(), (int) (limits.memory() / MIB), slots);
    }

    /// A size in whole blocks: no plan can ask for less than an empty archive takes.
    static long whole(long bytes) {
        return Math.max(GRAIN, (bytes + GRAIN - 1) / GRAIN * GRAIN);
    }
}
