package airlock.vm;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.VmUsers;
import airlock.vm.QemuSandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Finds which walls this host has, by running `true` inside them.
final class QemuSandboxTrial {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long GROUP_MEMORY = 64 << 20;
    private static final int GROUP_TASKS = 16;
    private static final List<String> TRUE = List.of("true");

    private QemuSandboxTrial() {}

    static QemuSandbox detect(long qemuMemory) throws InterruptedException {
        boolean root = root();
        var users = VmUsers.in(Path.of("/proc/self/uid_map"));
        Map<Layer, String> missing = new EnumMap<>(Layer.class);
        missing.put(Layer.NAMESPACES, "not tried yet");
        missing.put(Layer.LIMITS, "not tried yet");
        if (root) {
            requireSetpriv(new QemuSandbox(true, users, missing));
            if (!users.own()) {
                missing.put(
                        Layer.OWN_USER,
                        "this container maps too few user ids, so all VMs run as nobody; map ids"
                                + " up to 2147483647 into it");
            }
        } else {
            missing.put(
                    Layer.OWN_USER,
                    "QEMU has the server's own user, and namespaces alone keep that user's files"
                            + " from it; start Airlock as root");
        }
        missing.remove(Layer.LIMITS);
        tried(
                new QemuSandbox(root, users, missing),
                Layer.LIMITS,
                "apt-get install util-linux",
                missing);
        missing.remove(Layer.NAMESPACES);
        tried(
                new QemuSandbox(root, users, missing),
                Layer.NAMESPACES,
                "apt-get install bubblewrap, and allow user namespaces"
                        + " (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)",
                missing);
        var groups = groups(root, missing);
        return new QemuSandbox(root, users, groups, qemuMemory, missing);
    }

    private static ControlGroups groups(boolean root, Map<Layer, String> missing)
            throws InterruptedException {
        try {
            var groups = new GroupSearch(Path.of("/proc/self"), root).find();
            try (var group = groups.trial(GROUP_MEMORY, GROUP_TASKS)) {
                var result = Program.run(group.enter(TRUE), LIMIT);
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

    static boolean root() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new VmException("cannot tell who this process is: " + e.getMessage(), e);
        }
    }

    private static void requireSetpriv(QemuSandbox cage) throws InterruptedException {
        var result = run(cage, OptionalInt.of(65534));
        if (!result.passed()) {
            throw new VmException(
                    "QEMU must not run as root and setpriv cannot make it another user: "
                            + result.lastLine()
                            + "; apt-get install util-linux");
        }
    }

    private static void tried(
            QemuSandbox cage, Layer layer, String cure, Map<Layer, String> missing)
            throws InterruptedException {
        var result = run(cage, cage.newUser());
        if (!result.passed()) {
            missing.put(layer, result.lastLine() + "; " + cure);
        }
    }

    /// Why the user that VMs run as can't open `device` inside the walls; empty if it can.
    static Optional<String> refuses(QemuSandbox cage, Path device) throws InterruptedException {
        var box = SandboxSpec.with(device);
        var open = List.of("sh", "-c", "exec 3<>\"$1\"", "sh", device.toString());
        try {
            var result = Program.run(cage.wrap(box, cage.newUser(), box.groups(), open), LIMIT);
            // "sh: 1: cannot create /dev/kvm: Permission denied"
            String said = result.lastLine();
            return result.passed()
                    ? Optional.empty()
                    : Optional.of(said.substring(said.lastIndexOf(": ") + 1).strip());
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    private static Ending run(QemuSandbox cage, OptionalInt user) throws InterruptedException {
        return Program.run(cage.wrap(SandboxSpec.bare(), user, List.of(), TRUE), LIMIT);
    }
}
