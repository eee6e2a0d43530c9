package airlock.vm;

import airlock.sandbox.Confinement;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.VmUsers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// Puts walls around QEMU's command line. What this host can give is found out once, by trying;
/// what it cannot is told by [#confinement], never passed over.
///
/// As root: bubblewrap makes namespaces and mounts, then `setpriv` becomes the VM's own user
/// inside, so that no directory on the way has to be open to that user. As an ordinary user:
/// bubblewrap in a user namespace, with the user's own id.
public final class Cage {
    private static final Set<Path> PRESENT =
            Set.of(Path.of("/"), Path.of("/dev"), Path.of("/dev/shm"));
    /// All that a program in the walls has. The C library gives memory back that it does not use:
    /// a clone that waits holds 13 to 20 MB less (mallopt(3)).
    static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "PATH", "/usr/bin:/usr/sbin",
                    "MALLOC_ARENA_MAX", "1",
                    "MALLOC_MMAP_THRESHOLD_", "32768",
                    "MALLOC_TOP_PAD_", "0");

    private static final int DESCRIPTORS = 1024;
    private static final int PROCESSES = 512;

    /// What QEMU itself needs beyond memory and translations, if nothing else is configured.
    static final long QEMU_MEMORY = 512L << 20;

    private final boolean root;
    private final boolean namespaces;
    private final VmUsers users;
    private final ControlGroups groups;
    private final long qemuMemory;
    private final Confinement confinement;

    Cage(boolean root, VmUsers users, Map<Layer, String> missing) {
        this(root, users, ControlGroups.none(), QEMU_MEMORY, missing);
    }

    /// @param qemuMemory bytes that a VM's control group allows beyond the guest's memory and its
    ///     translations
    Cage(
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

    /// Tries what this host gives.
    ///
    /// @throws VmException when QEMU would have to run as root
    public static Cage detect() throws InterruptedException {
        return CageTrial.detect(QEMU_MEMORY);
    }

    /// The same with another limit on the memory that QEMU has for itself.
    ///
    /// @param qemuMemory bytes beyond the guest's memory and its translations
    public static Cage detect(long qemuMemory) throws InterruptedException {
        return CageTrial.detect(qemuMemory);
    }

    /// What holds, and what does not and why.
    public Confinement confinement() {
        return confinement;
    }

    /// A user for a new VM; empty for our own.
    OptionalInt newUser() {
        return root ? OptionalInt.of(users.next()) : OptionalInt.empty();
    }

    /// The user of programs of the host's own that are not to be trusted; empty for our own.
    OptionalInt helper() {
        return root ? OptionalInt.of(users.last()) : OptionalInt.empty();
    }

    /// A control group for a VM; one without limits where the host gives none.
    ///
    /// @param vm the VM's directory, which is there
    ControlGroup group(Box box, Path vm) throws IOException {
        return confinement.held().contains(Layer.CONTROL_GROUP)
                ? groups.make(vm, groupMemory(box), PROCESSES)
                : ControlGroup.make(List.of(), 0, 0);
    }

    /// Bytes that the group of a VM in this box may hold.
    long groupMemory(Box box) {
        return box.memoryBytes() + qemuMemory;
    }

    /// The command line `argv` inside the walls.
    ///
    /// @param groups further groups of the user, for devices
    List<String> wrap(Box box, OptionalInt user, List<Integer> groups, List<String> argv) {
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

    /// The command line `argv` of a program of the host's own: with the host's network, with
    /// `/proc`, and with limits that it sets itself.
    List<String> enclose(
            List<Path> readOnly, List<Path> writable, OptionalInt user, List<String> argv) {
        var line = new ArrayList<String>();
        if (namespaces) {
            line.add("bwrap");
            line.addAll(List.of("--unshare-ipc", "--unshare-pid", "--unshare-uts"));
            line.add("--unshare-cgroup-try");
            if (!root) {
                line.add("--unshare-user");
            }
            view(line, new Box(readOnly, writable, List.of(), 0, 0, 0, 0), true);
        }
        user.ifPresent(id -> become(line, id, List.of()));
        line.addAll(argv);
        return line;
    }

    private void limits(List<String> line, Box box) {
        line.addAll(
                List.of(
                        "prlimit",
                        "--core=0",
                        "--nofile=" + DESCRIPTORS,
                        "--cpu=" + box.cpuSeconds(),
                        "--fsize=" + box.fileBytes(),
                        "--as=" + box.addressBytes()));
        if (root) {
            // counted by user, so it fits only a user of the VM's own
            line.add("--nproc=" + PROCESSES);
        }
        line.add("--");
    }

    private void namespaces(List<String> line, Box box) {
        line.add("bwrap");
        line.addAll(
                root
                        ? List.of(
                                "--unshare-ipc",
                                "--unshare-pid",
                                "--unshare-net",
                                "--unshare-uts",
                                "--unshare-cgroup-try")
                        : List.of("--unshare-all"));
        view(line, box, false);
    }

    /// What it sees of the host's files.
    private static void view(List<String> line, Box box, boolean proc) {
        line.addAll(List.of("--die-with-parent", "--new-session", "--clearenv"));
        new TreeMap<>(ENVIRONMENT)
                .forEach((name, value) -> line.addAll(List.of("--setenv", name, value)));
        line.addAll(List.of("--chdir", "/"));
        line.addAll(List.of("--ro-bind", "/usr", "/usr"));
        for (var link : List.of("bin", "sbin", "lib", "lib64")) {
            line.addAll(List.of("--symlink", "usr/" + link, "/" + link));
        }
        line.addAll(List.of("--dev", "/dev"));
        if (proc) {
            line.addAll(List.of("--proc", "/proc"));
        }
        directories(line, box);
        binds(line, "--ro-bind", box.readOnly());
        binds(line, "--bind", box.writable());
        binds(line, "--dev-bind", box.devices());
        // both are memory that nobody counts where there is no control group
        line.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
        line.add("--");
    }

    /// bubblewrap makes missing directories for its own user alone.
    private static void directories(List<String> line, Box box) {
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
        line.addAll(List.of("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--"));
    }
}
