package airlock.vm;

import airlock.base.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
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

    /// Says which process a VM's directory belongs to, in a way that survives the reuse of process
    /// ids.
    ///
    /// @param pid the first process: the outermost of the walls, or QEMU itself
    /// @param started its start, in clock ticks since boot
    /// @param boot the kernel's boot id
    record RunMarker(long pid, String started, String boot) {
        private static final String FILE = "marker";
        private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

        /// Field 22 of `/proc/PID/stat` (proc_pid_stat(5)), counted from behind the name in
        /// parentheses, which may hold anything.
        private static final int START_FIELD = 22 - 3;

        static void write(Path directory, long pid) throws IOException {
            String text =
                    "pid=%d\nstarted=%s\nboot=%s\n"
                            .formatted(pid, start(pid).orElse("?"), bootId());
            Files.writeString(directory.resolve(FILE), text);
        }

        /// The marker in `directory`; empty if it is missing or torn.
        static Optional<RunMarker> read(Path directory) {
            var fields = new Properties();
            try (var in = Files.newBufferedReader(directory.resolve(FILE))) {
                fields.load(in);
                return Optional.of(
                        new RunMarker(
                                Long.parseLong(fields.getProperty("pid", "")),
                                fields.getProperty("started", "?"),
                                fields.getProperty("boot", "?")));
            } catch (IOException | IllegalArgumentException _) {
                return Optional.empty();
            }
        }

        Optional<ProcessHandle> process() {
            boolean same = boot.equals(bootId()) && start(pid).filter(started::equals).isPresent();
            return same ? ProcessHandle.of(pid) : Optional.empty();
        }

        static String bootId() {
            try {
                return Files.readString(BOOT_ID).strip();
            } catch (IOException _) {
                return "unknown";
            }
        }

        private static Optional<String> start(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return fields.length > START_FIELD
                        ? Optional.of(fields[START_FIELD])
                        : Optional.empty();
            } catch (IOException | IndexOutOfBoundsException _) {
                return Optional.empty();
            }
        }
    }
}
