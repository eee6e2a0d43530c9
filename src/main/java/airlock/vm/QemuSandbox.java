package airlock.vm;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.sandbox.Confinement;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.VmUsers;
import airlock.vm.ControlGroups.ControlGroup;
import airlock.vm.VmFiles.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final Duration TRIAL = Duration.ofSeconds(20);
    private static final int TRIAL_TASKS = 16;
    private static final List<String> TRUE = List.of("true");
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

    /// Tries which walls this host has, by running `true` inside them.
    ///
    /// @throws VmException if QEMU would have to run as root
    public static QemuSandbox detect() throws InterruptedException {
        return detect(QEMU_MEMORY);
    }

    /// The same with a limit in bytes on the memory that QEMU itself needs.
    public static QemuSandbox detect(long qemuMemory) throws InterruptedException {
        boolean root = isRoot();
        var users = VmUsers.in(Path.of("/proc/self/uid_map"));
        Map<Layer, String> missing = new EnumMap<>(Layer.class);
        missing.put(Layer.NAMESPACES, "not tried yet");
        missing.put(Layer.LIMITS, "not tried yet");
        if (root) {
            var result = new QemuSandbox(true, users, missing).runs(OptionalInt.of(65534));
            if (!result.passed()) {
                throw new VmException(
                        "QEMU must not run as root and setpriv cannot make it another user: "
                                + result.lastLine()
                                + "; apt-get install util-linux");
            }
        }
        if (!root) {
            missing.put(
                    Layer.OWN_USER,
                    "QEMU has the server's own user, and namespaces alone keep that user's files"
                            + " from it; start Airlock as root");
        } else if (!users.own()) {
            missing.put(
                    Layer.OWN_USER,
                    "this container maps too few user ids, so all VMs run as nobody; map ids"
                            + " up to 2147483647 into it");
        }
        tried(root, users, missing, Layer.LIMITS, "apt-get install util-linux");
        tried(
                root,
                users,
                missing,
                Layer.NAMESPACES,
                "apt-get install bubblewrap, and allow user namespaces"
                        + " (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)");
        return new QemuSandbox(root, users, groups(root, missing), qemuMemory, missing);
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new VmException("cannot tell who this process is: " + e.getMessage(), e);
        }
    }

    private static void tried(
            boolean root, VmUsers users, Map<Layer, String> missing, Layer layer, String cure)
            throws InterruptedException {
        missing.remove(layer);
        var cage = new QemuSandbox(root, users, missing);
        var result = cage.runs(cage.newUser());
        if (!result.passed()) {
            missing.put(layer, result.lastLine() + "; " + cure);
        }
    }

    private Ending runs(OptionalInt user) throws InterruptedException {
        return Program.run(wrap(SandboxSpec.with(), user, List.of(), TRUE), TRIAL);
    }

    private static ControlGroups groups(boolean root, Map<Layer, String> missing)
            throws InterruptedException {
        try {
            var groups = new GroupSearch(Path.of("/proc/self"), root).find();
            try (var group = groups.trial(SandboxSpec.SMALL, TRIAL_TASKS)) {
                var result = Program.run(group.enter(TRUE), TRIAL);
                if (!result.passed()) {
                    missing.put(Layer.CONTROL_GROUP, result.lastLine());
                }
            }
            return groups;
        } catch (IOException e) {
            missing.put(Layer.CONTROL_GROUP, String.valueOf(e.getMessage()));
            return ControlGroups.none();
        }
    }

    /// Why the user that VMs run as can't open `device` inside the walls; empty if it can.
    Optional<String> refuses(Path device) throws InterruptedException {
        var box = SandboxSpec.with(device);
        var open = List.of("sh", "-c", "exec 3<>\"$1\"", "sh", device.toString());
        try {
            var result = Program.run(wrap(box, newUser(), box.groups(), open), TRIAL);
            // "sh: 1: cannot create /dev/kvm: Permission denied"
            String said = result.lastLine();
            return result.passed()
                    ? Optional.empty()
                    : Optional.of(said.substring(said.lastIndexOf(": ") + 1).strip());
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
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

        /// For a program that opens only these devices; used to try the walls.
        static SandboxSpec with(Path... devices) {
            return new SandboxSpec(
                    List.of(), List.of(), List.of(devices), 60, MIB, OWN_MIB * MIB, SMALL);
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
