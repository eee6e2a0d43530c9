package airlock.vm;

import airlock.vm.VmFiles.Origin;
import airlock.sandbox.Confinement;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.VmUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// Puts walls around QEMU's command line. A trial at the start finds which walls this host has;
/// [#confinement] reports those that are missing.
///
/// As root: bubblewrap makes namespaces and mounts, then `setpriv` becomes the VM's own user
/// inside, so that no directory on the way has to be open to that user. As an ordinary user:
/// bubblewrap in a user namespace, with the user's own id.
public final class QemuSandbox {
    private static final Set<Path> PRESENT =
            Set.of(Path.of("/"), Path.of("/dev"), Path.of("/dev/shm"));
    /// The whole environment inside the walls. It makes the C library return unused memory: a clone
    /// that waits holds 13 to 20 MB less (mallopt(3)).
    static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "PATH", "/usr/bin:/usr/sbin",
                    "MALLOC_ARENA_MAX", "1",
                    "MALLOC_MMAP_THRESHOLD_", "32768",
                    "MALLOC_TOP_PAD_", "0");

    private static final int DESCRIPTORS = 1024;
    private static final int PROCESSES = 512;

    /// Default for the memory that QEMU itself needs, beyond the guest's and its translations.
    static final long QEMU_MEMORY = 512L << 20;

    private final boolean root;
    private final boolean namespaces;
    private final VmUsers users;
    private final ControlGroups groups;
    private final long qemuMemory;
    private final Confinement confinement;

    QemuSandbox(boolean root, VmUsers users, Map<Layer, String> missing) {
        this(root, users, ControlGroups.none(), QEMU_MEMORY, missing);
    }

    QemuSandbox(
            boolean root,
            VmUsers users,
            ControlGroups groups,
            long qemuMemory,
            Map<Layer, String> missing) {
        this.root = root;
        this.users = users;
        this.groups = groups;
        this.qemuMemory = qemuMemory;
        this.namespaces = !missing.containsKey(Layer.NAMESPACES);
        this.confinement = new Confinement(missing);
    }

    /// Tries which walls this host has.
    ///
    /// @throws VmException if QEMU would have to run as root
    public static QemuSandbox detect() throws InterruptedException {
        return QemuSandboxTrial.detect(QEMU_MEMORY);
    }

    /// The same with a limit in bytes on the memory that QEMU itself needs.
    public static QemuSandbox detect(long qemuMemory) throws InterruptedException {
        return QemuSandboxTrial.detect(qemuMemory);
    }

    public Confinement confinement() {
        return confinement;
    }

    /// A user for a new VM; empty for our own.
    OptionalInt newUser() {
        return root ? OptionalInt.of(users.next()) : OptionalInt.empty();
    }

    /// The user of the host's own untrusted programs; empty for our own.
    OptionalInt helper() {
        return root ? OptionalInt.of(users.last()) : OptionalInt.empty();
    }

    /// A control group for a VM; without limits if the host has no such groups.
    ///
    /// @param vm the VM's directory, which exists
    ControlGroup group(SandboxSpec box, Path vm) throws IOException {
        return confinement.held().contains(Layer.CONTROL_GROUP)
                ? groups.make(vm, groupMemory(box), PROCESSES)
                : ControlGroup.make(List.of(), 0, 0);
    }

    /// The memory limit of such a VM's group, in bytes.
    long groupMemory(SandboxSpec box) {
        return box.memoryBytes() + qemuMemory;
    }

    /// The command line `argv` inside the walls.
    ///
    /// @param groups further groups of the user, for devices
    List<String> wrap(SandboxSpec box, OptionalInt user, List<Integer> groups, List<String> argv) {
        var line = new ArrayList<String>();
        if (!confinement.missing().containsKey(Layer.LIMITS)) {
            limits(line, box);
        }
        if (namespaces) {
            namespaces(line, box);
        }
        user.ifPresent(id -> become(line, id, groups));
        line.addAll(argv);
        return line;
    }

    /// The command line `argv` of a program of the host's own: with the host's network and `/proc`;
    /// it sets its limits itself.
    List<String> enclose(
            List<Path> readOnly, List<Path> writable, OptionalInt user, List<String> argv) {
        var line = new ArrayList<String>();
        if (namespaces) {
            add(line, "bwrap --unshare-ipc --unshare-pid --unshare-uts --unshare-cgroup-try");
            if (!root) {
                line.add("--unshare-user");
            }
            view(line, new SandboxSpec(readOnly, writable, List.of(), 0, 0, 0, 0), true);
        }
        user.ifPresent(id -> become(line, id, List.of()));
        line.addAll(argv);
        return line;
    }

    private void limits(List<String> line, SandboxSpec box) {
        line.addAll(
                List.of(
                        "prlimit",
                        "--core=0",
                        "--nofile=" + DESCRIPTORS,
                        "--cpu=" + box.cpuSeconds(),
                        "--fsize=" + box.fileBytes(),
                        "--as=" + box.addressBytes()));
        if (root) {
            // the kernel counts by user, so only if the VM has its own
            line.add("--nproc=" + PROCESSES);
        }
        line.add("--");
    }

    private void namespaces(List<String> line, SandboxSpec box) {
        add(
                line,
                root
                        ? "bwrap --unshare-ipc --unshare-pid --unshare-net --unshare-uts"
                                + " --unshare-cgroup-try"
                        : "bwrap --unshare-all");
        view(line, box, false);
    }

    private static void add(List<String> line, String words) {
        line.addAll(List.of(words.split(" ", -1)));
    }

    /// The host's files that the program sees.
    private static void view(List<String> line, SandboxSpec box, boolean proc) {
        add(line, "--die-with-parent --new-session --clearenv");
        new TreeMap<>(ENVIRONMENT)
                .forEach((name, value) -> line.addAll(List.of("--setenv", name, value)));
        add(line, "--chdir / --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/sbin /sbin");
        add(line, "--symlink usr/lib /lib --symlink usr/lib64 /lib64 --dev /dev");
        if (proc) {
            add(line, "--proc /proc");
        }
        directories(line, box);
        binds(line, "--ro-bind", box.readOnly());
        binds(line, "--bind", box.writable());
        binds(line, "--dev-bind", box.devices());
        // both are memory that nothing limits without a control group
        add(line, "--remount-ro /dev --remount-ro / --");
    }

    /// bubblewrap makes missing directories for its own user alone.
    private static void directories(List<String> line, SandboxSpec box) {
        var directories = new LinkedHashSet<Path>();
        for (var files : List.of(box.readOnly(), box.writable(), box.devices())) {
            for (Path file : files) {
                for (int names = 1; names < file.getNameCount(); names++) {
                    directories.add(Path.of("/").resolve(file.subpath(0, names)));
                }
            }
        }
        directories.removeAll(PRESENT);
        for (Path directory : directories) {
            line.addAll(List.of("--perms", "0755", "--dir", directory.toString()));
        }
    }

    private static void binds(List<String> line, String how, List<Path> files) {
        for (Path file : files) {
            line.addAll(List.of(how, file.toString(), file.toString()));
        }
    }

    private static void become(List<String> line, int user, List<Integer> groups) {
        String id = Integer.toString(user);
        line.addAll(List.of("setpriv", "--reuid", id, "--regid", id));
        line.add(
                groups.isEmpty()
                        ? "--clear-groups"
                        : "--groups="
                                + String.join(",", groups.stream().map(String::valueOf).toList()));
        add(line, "--no-new-privs --bounding-set=-all --inh-caps=-all --");
    }

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
            long largest =
                    spec.shape().slots().bytes().values().stream().reduce(OVERLAY, Long::max);
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
            return new SandboxSpec(
                    List.of(), List.of(), List.of(device), 60, MIB, OWN_MIB * MIB, SMALL);
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
}
