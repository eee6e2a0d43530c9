package airlock.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files that one QEMU may see, and its limits.
///
/// @param cpuSeconds CPU time of all threads together
/// @param fileBytes the largest size of a file
/// @param addressBytes its address space
/// @param memoryBytes memory for its guest and its translations
record SandboxSpec(
        List<Path> readOnly,
        List<Path> writable,
        List<Path> devices,
        long cpuSeconds,
        long fileBytes,
        long addressBytes,
        long memoryBytes) {
    private static final long MIB = 1 << 20;

    /// Beyond memory and translations QEMU maps libraries, stacks and buffers.
    private static final long OWN_MIB = 6 << 10;

    /// A qcow2 overlay may grow beyond the size of its disk by its tables.
    private static final long OVERLAY = 300L << 30;

    private static final long SMALL = 64 * MIB;
    private static final Path KVM = Path.of("/dev/kvm");

    static SandboxSpec of(VmSpec spec, VmFiles files, Accelerator accelerator, Origin origin) {
        var limits = spec.limits();
        long seconds = spec.bootTime().plus(limits.time()).toSeconds() + 60;
        long largest = spec.shape().slots().bytes().values().stream().reduce(OVERLAY, Long::max);
        long memory = (long) spec.shape().memoryMib() + QemuCommand.TRANSLATIONS_MIB;
        return new SandboxSpec(
                files.readOnly(spec, origin),
                files.writable(spec, origin),
                switch (accelerator) {
                    case KVM -> List.of(KVM);
                    case TCG -> List.of();
                },
                seconds * (spec.shape().cpus() + 1),
                largest,
                (memory + OWN_MIB) * MIB,
                memory * MIB);
    }

    /// For a program that needs nothing; used to try the walls.
    static SandboxSpec bare() {
        return new SandboxSpec(List.of(), List.of(), List.of(), 60, MIB, OWN_MIB * MIB, SMALL);
    }

    /// For a program that opens only `device`.
    static SandboxSpec with(Path device) {
        return new SandboxSpec(List.of(), List.of(), List.of(device), 60, MIB, OWN_MIB * MIB, SMALL);
    }

    /// The groups that may use the devices, without root's, which may do much else.
    List<Integer> groups() throws IOException {
        var groups = new ArrayList<Integer>();
        for (Path device : devices) {
            groups.add((Integer) Files.getAttribute(device, "unix:gid"));
        }
        groups.removeIf(group -> group == 0);
        return groups;
    }
}
