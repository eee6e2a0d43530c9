package airlock.vm;

import airlock.base.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Ends and removes the VMs that a killed server has left. bubblewrap ends QEMU with the server;
/// this is for hosts without it, and for the files.
public final class VmLeftovers {
    /// The programs that a VM consists of, from the outside in.
    private static final Set<String> OURS =
            Set.of("prlimit", "bwrap", "setpriv", "qemu-system-x86_64");

    private VmLeftovers() {}

    /// Removes all VMs below these directories. No server may be using them.
    ///
    /// @return their names, for the log
    /// @throws VmException if they cannot be removed
    public static List<String> sweep(Path directory, Path memory) throws InterruptedException {
        var found = new ArrayList<String>();
        try {
            for (Path vm : below(directory)) {
                end(vm.toAbsolutePath());
                ControlGroups.removeRecorded(vm);
                Trees.remove(vm);
                found.add(vm.getFileName().toString());
            }
            for (Path vm : below(memory)) {
                Trees.remove(vm);
            }
            return found;
        } catch (IOException e) {
            throw new VmException(
                    "cannot remove the VMs that a killed server left in %s and %s: %s"
                            .formatted(directory, memory, e),
                    e);
        }
    }

    private static List<Path> below(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.filter(e -> Files.isDirectory(e, LinkOption.NOFOLLOW_LINKS)).toList();
        }
    }

    private static void end(Path vm) throws InterruptedException {
        var processes =
                Stream.concat(RunMarker.read(vm).flatMap(RunMarker::process).stream(), named(vm))
                        .flatMap(p -> Stream.concat(p.descendants(), Stream.of(p)))
                        .distinct()
                        .toList();
        QemuProcess.kill(processes);
    }

    /// A server may have been killed before it wrote the marker; the command line names the VM's
    /// files all the same.
    private static Stream<ProcessHandle> named(Path vm) {
        return ProcessHandle.allProcesses().filter(process -> names(process, vm + "/"));
    }

    private static boolean names(ProcessHandle process, String files) {
        try {
            Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            String[] words =
                    new String(Files.readAllBytes(line), StandardCharsets.UTF_8).split("\0", -1);
            Path program = Path.of(words[0]).getFileName();
            return program != null
                    && OURS.contains(program.toString())
                    && Stream.of(words).anyMatch(word -> word.contains(files));
        } catch (IOException _) {
            return false;
        }
    }
}
