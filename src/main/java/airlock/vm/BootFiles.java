package airlock.vm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The files that a VM starts from; none is ever written.
///
/// @param disk the system disk, qcow2 without a backing file
/// @param start how the guest program becomes process 1 on it
/// @param emulation how its CPUs are emulated without KVM
public record BootFiles(Path disk, Start start, Emulation emulation) {
    /// A disk with a root file system.
    ///
    /// @param kernel an ELF kernel with a PVH note, or a bzImage
    /// @param initramfs cpio archive with the guest program as `/init`
    public BootFiles(Path kernel, Path initramfs, Path disk) {
        this(disk, new Start.Kernel(kernel, initramfs), Emulation.PARALLEL);
    }

    public sealed interface Start {
        /// The files that QEMU reads for it besides the disk.
        default List<Path> files() {
            return switch (this) {
                case Kernel(var kernel, var initramfs) -> List.of(kernel, initramfs);
                case Loader(_, var seed) -> List.of(seed);
            };
        }

        record Kernel(Path kernel, Path initramfs) implements Start {}

        /// The disk's own boot loader; cloud-init takes the guest program from another volume.
        ///
        /// @param seed that volume, a raw disk with the label `CIDATA`
        record Loader(Firmware firmware, Path seed) implements Start {}
    }

    /// The firmware that a boot loader is written for.
    public enum Firmware {
        UEFI,
        BIOS
    }

    List<Path> files() {
        var files = new ArrayList<>(start.files());
        files.add(disk);
        return List.copyOf(files);
    }

    /// The kernel that QEMU loads.
    ///
    /// @throws IllegalStateException if it starts by its own boot loader
    public Path kernel() {
        return direct().kernel();
    }

    /// The initramfs that QEMU loads.
    ///
    /// @throws IllegalStateException if it starts by its own boot loader
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

    /// How the CPUs of a VM are emulated without KVM (docs/adr/0046).
    public enum Emulation {
        /// Each by its own thread of QEMU.
        PARALLEL("multi"),

        /// All by one thread in turn, which takes up to twice as long. For programs that overwrite
        /// instructions while another CPU executes them: QEMU 10.0 reads an instruction byte by
        /// byte, so it may see half of the old and half of the new one.
        IN_TURN("single");

        final String threads;

        Emulation(String threads) {
            this.threads = threads;
        }

        /// Its name in recipes and records: `parallel`, `in_turn`.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Emulation> of(String word) {
            return Stream.of(values()).filter(known -> known.word().equals(word)).findFirst();
        }
    }
}
