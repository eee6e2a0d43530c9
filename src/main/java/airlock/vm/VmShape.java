package airlock.vm;

/// The machine as its guest sees it.
///
/// @param cpus 1 to 64
/// @param memoryMib at least 256
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
