package airlock.vm;

import airlock.base.Json;
import airlock.vm.VmFiles.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Writes the command line of QEMU (10.0, `qemu-system-x86_64`). The list of devices and their
/// order is one for all VMs: a template fits whatever its clones will carry. There is no network
/// card.
final class QemuCommand {
    /// No name, firmware setting or default of this goes to the guest without being named here.
    static final String PROGRAM = "/usr/bin/qemu-system-x86_64";

    private static final String SANDBOX =
            "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

    /// Devices of a PC that the guest has no use for are left out: less to start, less to attack.
    private static final String MACHINE =
            "q35,memory-backend=ram,dump-guest-core=off,mem-merge=off,usb=off,graphics=off,"
                    + "i8042=off,hpet=off,smm=off,vmport=off,sata=off,smbus=off";

    /// MiB of translated code that TCG keeps; QEMU's own default is up to 1024.
    static final int TRANSLATIONS_MIB = 256;

    private final List<String> argv = new ArrayList<>();

    private QemuCommand() {}

    /// The command line of a VM that waits for `cont`; a clone waits for `migrate-incoming` before.
    static List<String> of(VmSpec spec, VmFiles files, Accelerator accelerator, Origin origin) {
        var command = new QemuCommand();
        command.machine(spec, accelerator);
        command.argv.addAll(QemuStart.of(spec.boot(), origin, accelerator));
        command.memory(spec.shape().memoryMib(), origin);
        command.ports(files);
        command.disks(spec, files, origin);
        return List.copyOf(command.argv);
    }

    private void machine(VmSpec spec, Accelerator accelerator) {
        add(PROGRAM, "-name", spec.name(), "-nodefaults", "-no-user-config", "-display", "none");
        add("-sandbox", SANDBOX, "-no-reboot", "-S");
        switch (accelerator) {
            case KVM -> add("-accel", "kvm", "-cpu", "host,-vmx,-svm");
            case TCG ->
                    add(
                            "-accel",
                            "tcg,thread="
                                    + spec.boot().emulation().threads
                                    + ",tb-size="
                                    + TRANSLATIONS_MIB,
                            "-cpu",
                            QemuStart.processor(spec.boot()));
        }
        add("-machine", MACHINE, "-smp", Integer.toString(spec.shape().cpus()));
        add("-device", "vmgenid,guid=auto", "-device", "virtio-rng-pci");
    }

    /// What QEMU saves leaves out memory that is a shared file (`x-ignore-shared`), so that file is
    /// the template's memory; clones map it privately, so what they write is theirs.
    private void memory(int mebibytes, Origin origin) {
        String size = ",id=ram,size=" + mebibytes + "M";
        add("-m", Integer.toString(mebibytes), "-object");
        switch (origin) {
            case Origin.Cold _ -> add("memory-backend-ram" + size);
            case Origin.Making(var ram, _) ->
                    add("memory-backend-file" + size + ",share=on,mem-path=" + option(ram));
            case Origin.Clone(var template) ->
                    add(
                            "memory-backend-file"
                                    + size
                                    + ",share=off,readonly=on,rom=off,mem-path="
                                    + option(template.ram()),
                            "-incoming",
                            "defer");
        }
    }

    private void ports(VmFiles files) {
        for (Port port : Port.values()) {
            // QEMU is the client: whoever listens is there before it starts
            add("-chardev", "socket,id=" + port.id() + ",path=" + option(files.socket(port)));
        }
        add("-mon", "chardev=qmp,mode=control", "-serial", "chardev:console");
        add("-device", "virtio-serial-pci");
        add("-device", "virtserialport,chardev=log,name=ci.log");
        add("-device", "virtserialport,chardev=uplink,name=ci.uplink");
    }

    private void disks(VmSpec spec, VmFiles files, Origin origin) {
        // what the image's own header says of a backing file is not asked
        var image = node("qcow2", "image", spec.boot().disk(), true).putNull("backing");
        var system = node("qcow2", "vda", files.overlay(), false);
        system.set("backing", frozen(image, origin));
        disk("vda", system, QemuStart.boots(spec.boot()));
        for (Drive drive : Drive.values()) {
            disk(drive.node(), drive(drive, spec, files, origin));
        }
        // the last one, so that it takes no other's name in the guest
        switch (spec.boot().start()) {
            case BootFiles.Start.Kernel _ -> {}
            case BootFiles.Start.Loader(_, var seed) ->
                    disk("seed", node("raw", "seed", seed, true));
        }
    }

    /// What lies under a VM's own overlay of the system disk.
    private static ObjectNode frozen(ObjectNode image, Origin origin) {
        return switch (origin) {
            case Origin.Cold _, Origin.Making _ -> image;
            case Origin.Clone(var template) -> {
                var disk = node("qcow2", "frozen", template.disk(), true);
                disk.set("backing", image);
                yield disk;
            }
        };
    }

    private static ObjectNode drive(Drive drive, VmSpec spec, VmFiles files, Origin origin) {
        if (drive == Drive.SCRATCH && origin instanceof Origin.Clone(var template)) {
            // mounted in the template already, so it has to be the very one
            var scratch = node("qcow2", drive.node(), files.drive(drive), false);
            scratch.set(
                    "backing",
                    node("qcow2", "scratch", template.scratch(), true).putNull("backing"));
            return scratch;
        }
        return node("raw", drive.node(), files.drive(drive), !VmFiles.written(drive, spec));
    }

    /// A block node whose drivers are named, so that none is guessed from what a guest wrote.
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

    private void disk(String id, ObjectNode node) {
        disk(id, node, "");
    }

    private void disk(String id, ObjectNode node, String more) {
        add("-blockdev", Json.MAPPER.writeValueAsString(node));
        // an error of the host's disk stops the VM instead of reaching the guest
        add(
                "-device",
                "virtio-blk-pci,id="
                        + id
                        + ",drive="
                        + id
                        + ",num-queues=1"
                        + ",werror=stop,rerror=stop"
                        + more);
    }

    /// A path inside an option's value: a comma is written twice.
    private static String option(Path path) {
        return path.toString().replace(",", ",,");
    }

    private void add(String... words) {
        argv.addAll(List.of(words));
    }
}
