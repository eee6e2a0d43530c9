package airlock.vm;

import airlock.vm.BootFiles.Firmware;
import airlock.vm.BootFiles.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the part of QEMU's command line that says what runs first.
final class QemuStart {
    /// Of Debian's package `ovmf`: code and variables in one, so what the guest stores in them is
    /// in its memory and goes with it.
    static final Path UEFI = Path.of("/usr/share/ovmf/OVMF.fd");

    /// Without what makes the guest's kernel copy and clear memory byte by byte: TCG does that one
    /// by one, too.
    private static final String TCG_CPU = "max,erms=off,fsrm=off,fsrs=off,fzrm=off";

    /// A kernel that can't be told how fast the counter is takes a wrong speed for it where this
    /// machine is busy ([HostClock]), or panics since its timer seems too slow
    /// (arch/x86/kernel/apic/io_apic.c, `timer_irq_works`). Without one it waits in instructions,
    /// and takes the time of ACPI's timer.
    private static final String NO_COUNTER = ",tsc=off";

    /// `panic=-1` with `-no-reboot` makes a panic end QEMU at once. The rest saves time at boot:
    /// checks of timers and algorithms, and walls inside a guest that runs one run's code only.
    private static final String KERNEL_LINE =
            "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check tsc=reliable"
                    + " random.trust_cpu=on cryptomgr.notests 8250.nr_uarts=1 audit=0 nowatchdog"
                    + " noreplace-smp rcupdate.rcu_expedited=1 pci=lastbus=0 lsm=landlock,yama";

    /// The option ROM that starts what `-kernel` names.
    private static final String LOADER = "linuxboot_dma.bin";

    private QemuStart() {}

    static List<String> of(BootFiles boot, Origin origin, Accelerator accelerator) {
        return switch (boot.start()) {
            case Start.Kernel(var kernel, var initramfs) ->
                    kernel(kernel, initramfs, origin, accelerator);
            case Start.Loader(var firmware, _) -> firmware(firmware);
        };
    }

    /// A clone has its kernel in memory and never starts another one. But what QEMU loads for a
    /// kernel has to be there, since it was saved.
    private static List<String> kernel(
            Path kernel, Path initramfs, Origin origin, Accelerator accelerator) {
        return switch (origin) {
            case Origin.Cold _, Origin.Making _ ->
                    List.of(
                            "-kernel",
                            kernel.toString(),
                            "-initrd",
                            initramfs.toString(),
                            "-append",
                            KERNEL_LINE + clock(accelerator));
            case Origin.Clone _ -> List.of("-option-rom", LOADER);
        };
    }

    private static String clock(Accelerator accelerator) {
        return switch (accelerator) {
            case KVM -> "";
            case TCG -> HostClock.OPTION.map(option -> " " + option).orElse("");
        };
    }

    /// Nothing but the system disk is ever booted, whatever a run's own drives hold. A clone has
    /// the same firmware, which was saved.
    private static List<String> firmware(Firmware firmware) {
        return switch (firmware) {
            case UEFI -> List.of("-boot", "strict=on", "-bios", UEFI.toString());
            case BIOS -> List.of("-boot", "strict=on");
        };
    }

    /// What TCG plays.
    static String processor(BootFiles boot) {
        return switch (boot.start()) {
            case Start.Kernel _ -> TCG_CPU;
            case Start.Loader _ -> TCG_CPU + NO_COUNTER;
        };
    }

    /// What the system disk's device says besides.
    static String boots(BootFiles boot) {
        return switch (boot.start()) {
            case Start.Kernel _ -> "";
            case Start.Loader _ -> ",bootindex=0";
        };
    }

    /// What of the host's own files it starts with.
    ///
    /// @throws IOException where they are not there
    static List<Path> files(BootFiles boot) throws IOException {
        return switch (boot.start()) {
            case Start.Kernel _ -> List.of();
            case Start.Loader(var firmware, _) ->
                    switch (firmware) {
                        case UEFI -> List.of(present(UEFI));
                        case BIOS -> List.of();
                    };
        };
    }

    private static Path present(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(
                    file + ", by which the image starts, is missing: apt-get install ovmf");
        }
        return file;
    }
}
