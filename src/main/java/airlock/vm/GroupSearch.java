package airlock.vm;

import airlock.sandbox.Hierarchy;
import airlock.sandbox.Hierarchy.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds where this process may make control groups, never outside of the limits that were set for
/// it.
///
/// @param process its directory in `/proc`
/// @param root whether it is root, which can write everywhere, so only delegated groups count
record GroupSearch(Path process, boolean root) {
    private static final List<String> NEEDED = List.of("memory", "pids");

    /// Optional: it gives runs priority over the making of ready clones.
    private static final String CPU = "cpu";

    private static final List<String> ALL = List.of("memory", "pids", CPU);
    private static final String CURE =
            "; start Airlock in a group that is its own to divide: in systemd's unit"
                    + " Delegate=memory pids cpu and DelegateSubgroup=server (docs/operations.md)";

    /// A file system of control groups.
    ///
    /// @param root the group that is mounted at `point`
    /// @param options of the super block; v1 names its controllers there
    private record Mount(String root, Path point, String type, Set<String> options) {
        Optional<Path> directory(String group) {
            String below = root.equals("/") ? "" : root;
            boolean seen = group.equals(below) || group.startsWith(below + "/");
            if (!seen || group.contains("..")) {
                return Optional.empty();
            }
            return Optional.of(point.resolve("." + group.substring(below.length())).normalize());
        }
    }

    /// Where groups can probably be made; a trial follows.
    ///
    /// @throws IOException if they can't be made, with the reason and what the operator can do
    ControlGroups find() throws IOException {
        var own = own();
        var mounts = mounts();
        return own.containsKey("memory") ? first(own, mounts) : second(own, mounts);
    }

    /// This process's groups by controller; that of v2 by the empty name (cgroups(7)).
    private Map<String, String> own() throws IOException {
        var groups = new HashMap<String, String>();
        for (String line : Files.readAllLines(process.resolve("cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                for (String controller : fields[1].split(",", -1)) {
                    groups.put(controller, fields[2]);
                }
            }
        }
        return groups;
    }

    private List<Mount> mounts() throws IOException {
        return Files.readAllLines(process.resolve("mountinfo")).stream()
                .map(line -> line.split(" - ", 2))
                .filter(halves -> halves.length == 2 && halves[1].startsWith("cgroup"))
                .map(
                        halves -> {
                            String[] left = halves[0].split(" ", -1);
                            String[] right = halves[1].split(" ", -1);
                            var options =
                                    new HashSet<>(
                                            Arrays.asList(right[right.length - 1].split(",", -1)));
                            return new Mount(left[3], Path.of(left[4]), right[0], options);
                        })
                .toList();
    }

    private static ControlGroups first(Map<String, String> own, List<Mount> mounts)
            throws IOException {
        var memory = place("memory", own, mounts);
        var tasks = place("pids", own, mounts);
        if (memory.isEmpty() || tasks.isEmpty()) {
            throw new IOException(
                    "this process's group for %s (cgroup v1) is not seen or can't be written;"
                                    .formatted(memory.isEmpty() ? "memory" : "pids")
                            + " start Airlock as root, with /sys/fs/cgroup writable");
        }
        var trees = new ArrayList<Hierarchy>();
        trees.add(new Hierarchy(memory.orElseThrow(), Kind.MEMORY_V1));
        trees.add(new Hierarchy(tasks.orElseThrow(), Kind.TASKS_V1));
        place(CPU, own, mounts).ifPresent(cpu -> trees.add(new Hierarchy(cpu, Kind.CPU_V1)));
        return new ControlGroups(trees);
    }

    private static Optional<Path> place(
            String controller, Map<String, String> own, List<Mount> mounts) {
        return mounts.stream()
                .filter(m -> m.type().equals("cgroup"))
                .filter(m -> m.options().contains(controller))
                .flatMap(m -> m.directory(own.getOrDefault(controller, "..")).stream())
                .filter(Files::isWritable)
                .findFirst();
    }

    private ControlGroups second(Map<String, String> own, List<Mount> mounts) throws IOException {
        String group = own.getOrDefault("", "..");
        var mount = mounts.stream().filter(m -> m.type().equals("cgroup2")).findFirst();
        var directory = mount.flatMap(m -> m.directory(group));
        if (directory.isEmpty()) {
            throw new IOException("there is no control group for memory and tasks here" + CURE);
        }
        Path here = directory.orElseThrow();
        // a group that limits others below it can't have processes of its own, so VMs get groups
        // beside this process's, unless that is the root
        if (!Files.exists(here.resolve("cgroup.type"))) {
            return controlled(here);
        }
        Path above = here.getParent();
        if (above == null || mount.map(m -> m.point().equals(here)).orElse(true)) {
            throw new IOException("this process is in the uppermost group it can see" + CURE);
        }
        if (!Files.isWritable(above) || (root && !delegated(above))) {
            throw new IOException("the group %s is not Airlock's".formatted(above) + CURE);
        }
        return controlled(above);
    }

    /// systemd marks the groups that it has delegated (systemd's CGROUP_DELEGATION.md).
    private static boolean delegated(Path group) {
        try {
            var marks = Files.getFileAttributeView(group, UserDefinedFileAttributeView.class);
            var mark = ByteBuffer.allocate(8);
            marks.read("delegate", mark);
            return StandardCharsets.US_ASCII.decode(mark.flip()).toString().strip().equals("1");
        } catch (IOException _) {
            return false;
        }
    }

    private static ControlGroups controlled(Path parent) throws IOException {
        var controllers = words(parent.resolve("cgroup.controllers"));
        if (!controllers.containsAll(NEEDED)) {
            throw new IOException(
                    "the group %s has no controllers for memory and pids".formatted(parent) + CURE);
        }
        Path passedOn = parent.resolve("cgroup.subtree_control");
        try {
            passOn(passedOn, controllers.contains(CPU) ? ALL : NEEDED);
        } catch (IOException _) {
            passOn(passedOn, NEEDED);
        }
        return new ControlGroups(List.of(new Hierarchy(parent, Kind.ALL_V2)));
    }

    private static void passOn(Path passedOn, List<String> controllers) throws IOException {
        if (words(passedOn).containsAll(controllers)) {
            return;
        }
        try {
            String line = "+" + String.join(" +", controllers);
            Files.writeString(passedOn, line, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("cannot write %s: %s".formatted(passedOn, e) + CURE, e);
        }
    }

    private static Set<String> words(Path file) throws IOException {
        return Set.copyOf(Arrays.asList(Files.readString(file).strip().split(" ", -1)));
    }
}
