package airlock.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says which process a VM's directory belongs to, in a way that survives the reuse of process ids.
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

    /// Writes the marker of a process that runs.
    static void write(Path directory, long pid) throws IOException {
        String text =
                "pid=%d\nstarted=%s\nboot=%s\n".formatted(pid, start(pid).orElse("?"), bootId());
        Files.writeString(directory.resolve(FILE), text);
    }

    /// The marker in `directory`; empty if it is missing or torn.
    static Optional<RunMarker> read(Path directory) {
        try {
            Map<String, String> fields =
                    Files.readString(directory.resolve(FILE))
                            .lines()
                            .map(line -> line.split("=", 2))
                            .filter(pair -> pair.length == 2)
                            .collect(Collectors.toMap(p -> p[0], p -> p[1], (a, _) -> a));
            return Optional.of(
                    new RunMarker(
                            Long.parseLong(fields.getOrDefault("pid", "")),
                            fields.getOrDefault("started", "?"),
                            fields.getOrDefault("boot", "?")));
        } catch (IOException | NumberFormatException _) {
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
