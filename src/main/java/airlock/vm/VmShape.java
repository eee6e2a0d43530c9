package airlock.vm;

/// What the guest sees of its machine.
///
/// @param cpus virtual CPUs, 1 to 64
/// @param memoryMib memory in MiB, at least 256
/// @param slots sizes of the drives
public record VmShape(int cpus, int memoryMib, DriveSlots slots) {
    private static final int MOST_CPUS = 64;
    private static final int LEAST_MEMORY = 256;

    public VmShape {
        if (cpus < 1 || cpus > MOST_CPUS) {
            throw new IllegalArgumentException(
                    "%d CPUs; a VM has 1 to %d".formatted(cpus, MOST_CPUS));
        }
        if (memoryMib < LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "%d MiB of memory; a VM needs %d".formatted(memoryMib, LEAST_MEMORY));
        }
    }
}
