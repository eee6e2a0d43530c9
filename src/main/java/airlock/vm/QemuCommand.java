package airlock.vm;

import airlock.base.Json;
import airlock.vm.BootFiles.Firmware;
import airlock.vm.BootFiles.Start;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Writes the command line of QEMU (10.0, `qemu-system-x86_64`). All VMs have the same devices in
/// the same order, so that a template fits whatever its clones will carry. A VM has no network
/// card.
final class QemuCommand {
    static final String PROGRAM = "/usr/bin/qemu-system-x86_64";

    /// From Debian's package `ovmf`: code and variables in one file, so the guest's changes to the
    /// variables stay in its memory.
    static final Path UEFI = Path.of("/usr/share/ovmf/OVMF.fd");

    private static final String SANDBOX =
            "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

    /// Without the devices of a PC that the guest doesn't use: less to start, less to attack.
    private static final String MACHINE =
            "q35,memory-backend=ram,dump-guest-core=off,mem-merge=off,usb=off,graphics=off,"
                    + "i8042=off,hpet=off,smm=off,vmport=off,sata=off,smbus=off";

    /// MiB of translated code that TCG keeps; QEMU's own default is up to 1024.
    static final int TRANSLATIONS_MIB = 256;

    /// Without the instructions by which the guest's kernel copies and clears memory byte by byte:
    /// TCG emulates them byte by byte, too.
    private static final String TCG_CPU = "max,erms=off,fsrm=off,fsrs=off,fzrm=off";

    /// A kernel that can't be told the counter's speed may measure a wrong one if this machine is
    /// busy ([HostClock]), or panic since its timer seems too slow
    /// (arch/x86/kernel/apic/io_apic.c, `timer_irq_works`). Without a counter it waits in
    /// instructions, and takes the time of ACPI's timer.
    private static final String NO_COUNTER = ",tsc=off";

    /// `panic=-1` with `-no-reboot` makes a panic end QEMU immediately. The rest saves time at
    /// boot: checks of timers and algorithms, and protection between programs in a guest that runs
    /// one run's code only.
    private static final String KERNEL_LINE =
            "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check tsc=reliable"
                    + " random.trust_cpu=on cryptomgr.notests 8250.nr_uarts=1 audit=0 nowatchdog"
                    + " noreplace-smp rcupdate.rcu_expedited=1 pci=lastbus=0 lsm=landlock,yama";

    /// The option ROM that starts the kernel of `-kernel`.
    private static final String LOADER = "linuxboot_dma.bin";

    private final VmSpec spec;
    private final VmFiles files;
    private final Accelerator accelerator;
    private final Origin origin;
    private final List<String> argv = new ArrayList<>();

    private QemuCommand(VmSpec spec, VmFiles files, Accelerator accelerator, Origin origin) {
        this.spec = spec;
        this.files = files;
        this.accelerator = accelerator;
        this.origin = origin;
    }

    /// The command line of a VM that waits for `cont`, or as a clone first for `migrate-incoming`.
    static List<String> of(VmSpec spec, VmFiles files, Accelerator accelerator, Origin origin) {
        var command = new QemuCommand(spec, files, accelerator, origin);
        command.machine();
        command.start();
        command.memory();
        command.ports();
        command.disks();
        return List.copyOf(command.argv);
    }

    private void machine() {
        add(PROGRAM, "-name", spec.name(), "-nodefaults", "-no-user-config", "-display", "none");
        add("-sandbox", SANDBOX, "-no-reboot", "-S");
        switch (accelerator) {
            case KVM -> add("-accel", "kvm", "-cpu", "host,-vmx,-svm");
            case TCG -> {
                String threads = "tcg,thread=" + spec.boot().emulation().threads;
                String cpu =
                        switch (spec.boot().start()) {
                            case Start.Kernel _ -> TCG_CPU;
                            case Start.Loader _ -> TCG_CPU + NO_COUNTER;
                        };
                add("-accel", threads + ",tb-size=" + TRANSLATIONS_MIB, "-cpu", cpu);
            }
        }
        add("-machine", MACHINE, "-smp", Integer.toString(spec.shape().cpus()));
        add("-device", "vmgenid,guid=auto", "-device", "virtio-rng-pci");
    }

    /// Only the system disk is ever booted, whatever a run's own drives hold. A clone's kernel or
    /// firmware is in its memory; but what QEMU loads for a kernel has to be there, since it was
    /// saved.
    private void start() {
        switch (spec.boot().start()) {
            case Start.Kernel _ when origin instanceof Origin.Clone -> add("-option-rom", LOADER);
            case Start.Kernel(var kernel, var initramfs) -> {
                add("-kernel", kernel.toString(), "-initrd", initramfs.toString(), "-append");
                add(KERNEL_LINE + counter());
            }
            case Start.Loader(var firmware, _) -> {
                add("-boot", "strict=on");
                switch (firmware) {
                    case UEFI -> add("-bios", UEFI.toString());
                    case BIOS -> {}
                }
            }
        }
    }

    private String counter() {
        return switch (accelerator) {
            case KVM -> "";
            case TCG -> HostClock.OPTION.map(option -> " " + option).orElse("");
        };
    }

    /// The files of the host's own that QEMU starts from.
    ///
    /// @throws IOException if one is missing
    static List<Path> hostFiles(BootFiles boot) throws IOException {
        if (!(boot.start() instanceof Start.Loader(var firmware, _)) || firmware != Firmware.UEFI) {
            return List.of();
        }
        if (!Files.isReadable(UEFI)) {
            throw new IOException(
                    UEFI + ", by which the image starts, is missing: apt-get install ovmf");
        }
        return List.of(UEFI);
    }

    /// QEMU doesn't save memory that is a shared file (`x-ignore-shared`), so that file is the
    /// template's memory. Clones map it privately, so their writes stay theirs.
    private void memory() {
        String mebibytes = Integer.toString(spec.shape().memoryMib());
        String size = ",id=ram,size=" + mebibytes + "M";
        String file = "memory-backend-file" + size;
        add("-m", mebibytes, "-object");
        switch (origin) {
            case Origin.Cold _ -> add("memory-backend-ram" + size);
            case Origin.Making(var ram, _) -> add(file + ",share=on,mem-path=" + option(ram));
            case Origin.Clone(var template) -> {
                add(file + ",share=off,readonly=on,rom=off,mem-path=" + option(template.ram()));
                add("-incoming", "defer");
            }
        }
    }

    private void ports() {
        for (Port port : Port.values()) {
            // QEMU is the client, since the host listens before it starts
            add("-chardev", "socket,id=" + port.id() + ",path=" + option(files.socket(port)));
        }
        add("-mon", "chardev=qmp,mode=control", "-serial", "chardev:console");
        add("-device", "virtio-serial-pci");
        add("-device", "virtserialport,chardev=log,name=ci.log");
        add("-device", "virtserialport,chardev=uplink,name=ci.uplink");
    }

    private void disks() {
        var system = node("qcow2", "vda", files.overlay(), false);
        system.set("backing", frozen());
        String boots = spec.boot().start() instanceof Start.Loader ? ",bootindex=0" : "";
        disk("vda", system, boots);
        for (Drive drive : Drive.values()) {
            disk(drive.node(), drive(drive), "");
        }
        // the last one, so that the drives keep their names in the guest
        if (spec.boot().start() instanceof Start.Loader(_, var seed)) {
            disk("seed", node("raw", "seed", seed, true), "");
        }
    }

    /// The disks below a VM's own overlay of the system disk.
    private ObjectNode frozen() {
        // null: the image's own header must not name a backing file
        var image = node("qcow2", "image", spec.boot().disk(), true).putNull("backing");
        if (!(origin instanceof Origin.Clone(var template))) {
            return image;
        }
        var disk = node("qcow2", "frozen", template.disk(), true);
        disk.set("backing", image);
        return disk;
    }

    private ObjectNode drive(Drive drive) {
        if (drive == Drive.SCRATCH && origin instanceof Origin.Clone(var template)) {
            // the template has mounted it already, so it has to be the same
            var scratch = node("qcow2", drive.node(), files.drive(drive), false);
            scratch.set(
                    "backing",
                    node("qcow2", "scratch", template.scratch(), true).putNull("backing"));
            return scratch;
        }
        return node("raw", drive.node(), files.drive(drive), !VmFiles.written(drive, spec));
    }

    /// A block node with explicit drivers, so that QEMU never guesses one from a guest's bytes.
    private static ObjectNode node(String driver, String name, Path file, boolean readOnly) {
        var node = Json.MAPPER.createObjectNode();
        node.put("driver", driver).put("node-name", name);
        node.put("read-only", readOnly).put("discard", "unmap");
        var protocol = node.putObject("file").put("driver", "file");
        protocol.put("filename", file.toString()).put("read-only", readOnly);
        // thrown away with the VM: nothing has to reach the disk
        protocol.putObject("cache").put("no-flush", true);
        return node;
    }

    private void disk(String id, ObjectNode node, String more) {
        add("-blockdev", Json.MAPPER.writeValueAsString(node));
        // an error of the host's disk stops the VM instead of reaching the guest
        String errors = ",num-queues=1,werror=stop,rerror=stop";
        add("-device", "virtio-blk-pci,id=" + id + ",drive=" + id + errors + more);
    }

    /// A path inside an option's value: a comma is written twice.
    private static String option(Path path) {
        return path.toString().replace(",", ",,");
    }

    private void add(String... words) {
        argv.addAll(List.of(words));
    }

    /// The speed of this machine's time stamp counter, which TCG's guests read as well (QEMU 10.0,
    /// `cpu_get_host_ticks`). A guest that measures it while this machine is busy may find a
    /// fraction, and then its clock runs several times too fast.
    static final class HostClock {
        private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*:.*\\bconstant_tsc\\b");

        /// Twice the counter's frequency in MHz.
        private static final Pattern BOGOMIPS =
                Pattern.compile("(?m)^bogomips\\s*:\\s*([0-9]{1,6})\\.([0-9]{2})$");

        /// For the guest's kernel (kernel-parameters.txt); empty if this machine's speed is
        /// unknown.
        static final Optional<String> OPTION = option(read());

        private HostClock() {}

        private static String read() {
            try {
                return Files.readString(Path.of("/proc/cpuinfo"));
            } catch (IOException _) {
                return "";
            }
        }

        /// @param cpuinfo as Linux writes `/proc/cpuinfo`
        static Optional<String> option(String cpuinfo) {
            var bogomips = BOGOMIPS.matcher(cpuinfo);
            if (!FLAGS.matcher(cpuinfo).find() || !bogomips.find()) {
                return Optional.empty();
            }
            int hundredths = Integer.parseInt(bogomips.group(1) + bogomips.group(2));
            return Optional.of("tsc_early_khz=" + hundredths * 5L);
        }
    }
}
