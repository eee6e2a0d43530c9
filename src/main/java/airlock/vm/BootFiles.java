package airlock.vm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a VM starts from; none of the files is ever written.
///
/// @param disk the system disk, qcow2 without a backing file
/// @param start how the guest program becomes process 1 on it
/// @param emulation how its CPUs are emulated where there is no KVM
public record BootFiles(Path disk, Start start, Emulation emulation) {
    /// A disk with a root file system.
    ///
    /// @param kernel an ELF kernel with a PVH note, or a bzImage
    /// @param initramfs cpio archive with the guest program as `/init`
    public BootFiles(Path kernel, Path initramfs, Path disk) {
        this(disk, new Start.Kernel(kernel, initramfs), Emulation.PARALLEL);
    }

    /// What runs first.
    public sealed interface Start {
        /// What QEMU reads for it besides the disk.
        List<Path> files();

        /// A kernel that QEMU loads.
        record Kernel(Path kernel, Path initramfs) implements Start {
            @Override
            public List<Path> files() {
                return List.of(kernel, initramfs);
            }
        }

        /// The disk's own boot loader; cloud-init takes the guest program from another volume.
        ///
        /// @param seed that volume, a raw disk with the label `CIDATA`
        record Loader(Firmware firmware, Path seed) implements Start {
            @Override
            public List<Path> files() {
                return List.of(seed);
            }
        }
    }

    /// Whom a boot loader is written for.
    public enum Firmware {
        /// OVMF.
        UEFI,
        /// SeaBIOS.
        BIOS
    }

    /// All that QEMU reads.
    List<Path> files() {
        var files = new ArrayList<>(start.files());
        files.add(disk);
        return List.copyOf(files);
    }

    /// The kernel of its own.
    ///
    /// @throws IllegalStateException where its disk has one
    public Path kernel() {
        return direct().kernel();
    }

    /// The initramfs of its own.
    ///
    /// @throws IllegalStateException where its disk has one
    public Path initramfs() {
        return direct().initramfs();
    }

    private Start.Kernel direct() {
        return switch (start) {
            case Start.Kernel own -> own;
            case Start.Loader _ ->
                    throw new IllegalStateException(disk + " starts by its own boot loader");
        };
    }
}
