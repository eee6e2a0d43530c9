package airlock.vm;

import airlock.sandbox.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The control groups of all VMs on this machine.
public final class TestGroups {
    private TestGroups() {}

    /// Whether this machine has control groups for VMs.
    public static boolean areGiven() throws InterruptedException {
        return QemuSandbox.detect().confinement().held().contains(Confinement.Layer.CONTROL_GROUP);
    }

    /// The groups beside or below this process's that are named after a VM.
    public static List<Path> all() {
        try {
            var groups = new GroupSearch(Path.of("/proc/self"), QemuSandbox.isRoot()).find();
            return groups.hierarchies().stream()
                    .flatMap(hierarchy -> below(hierarchy.directory()))
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static Stream<Path> below(Path parent) {
        try (var groups = Files.newDirectoryStream(parent, "airlock-*")) {
            var found = new ArrayList<Path>();
            groups.forEach(found::add);
            return found.stream();
        } catch (IOException e) {
            throw new VmException("cannot list " + parent, e);
        }
    }
}
