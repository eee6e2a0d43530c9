package airlock.vm;

import java.util.EnumMap;
import java.util.Map;

/// A VM's hardware, and the files that it boots from. VMs of the same model share a template.
public record VmModel(BootFiles boot, VmShape shape) {

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

    /// The fixed size of each drive. A slot is a sparse file, so unused space costs nothing.
    ///
    /// @param bytes size by drive, each a multiple of 4096 and positive
    public record DriveSlots(Map<Drive, Long> bytes) {
        private static final int GRAIN = 4096;
        private static final long MIB = 1 << 20;
        private static final long GIB = 1 << 30;

        public DriveSlots {
            bytes = Map.copyOf(bytes);
            for (Drive drive : Drive.values()) {
                Long size = bytes.get(drive);
                if (size == null || size < GRAIN || size % GRAIN != 0) {
                    throw new IllegalArgumentException(
                            "the slot of drive %s is %s bytes; it must be a multiple of %d"
                                    .formatted(drive.node(), size, GRAIN));
                }
            }
        }

        public static DriveSlots standard() {
            return new DriveSlots(
                    Map.of(
                            Drive.PLAN, 32 * MIB,
                            Drive.SOURCE, 4 * GIB,
                            Drive.ARTIFACTS, 4 * GIB,
                            Drive.CACHE, 8 * GIB,
                            Drive.DEPENDENCIES, 8 * GIB,
                            Drive.SECRETS, MIB,
                            Drive.SCRATCH, 16 * GIB));
        }

        public DriveSlots with(Drive drive, long size) {
            var changed = new EnumMap<>(bytes);
            changed.put(drive, size);
            return new DriveSlots(changed);
        }

        public long of(Drive drive) {
            return bytes.getOrDefault(drive, 0L);
        }
    }
}
