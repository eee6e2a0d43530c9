package airlock.crash;

import airlock.base.Trees;
import airlock.vm.MemoryPlace;
import airlock.vm.TestGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The processes and files that a server leaves on the machine.
final class Remains implements AutoCloseable {
    /// The files that a state directory may have while no server runs: records and caches.
    private static final Pattern KEPT =
            Pattern.compile(
                    "templates/[0-9a-f]{16}/(ram|saved|facts|vd[ah](\\.blank)?)"
                            + "|(removing\\.)?lock|images/uses/lock|airlock\\.db|memory|accelerator|.*\\.key|work/[^/]+\\.console"
                            + "|logs/../[^/]+\\.log(\\.index)?|blobs/../[0-9a-f]{64}\\.tar"
                            + "|sources/(outside/)?[^/]+/[0-9a-f]{40}\\.v\\d+\\.(tar|facts)"
                            + "|mirrors/(outside/)?[^/]+\\.git/(HEAD|config|shallow"
                            + "|objects/pack/pack-[0-9a-f]{40}\\.\\w+|refs/airlock/[^/]+)");

    private static final Pattern NAME = Pattern.compile(" -name (ready-\\S+) ");

    private final Path state;
    private final Path memory;

    Remains(Path state) {
        this.state = state.toAbsolutePath();
        this.memory = MemoryPlace.of(state, MemoryPlace.runtime(System.getenv()));
    }

    /// The command lines of processes that name the state directory or the one in memory.
    List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> commandLine(process.pid()))
                .filter(line -> line.contains(state + "/") || line.contains(memory + "/"))
                .toList();
    }

    /// Of virtual machines.
    List<String> machines() {
        return processes().stream().filter(Remains::isMachine).toList();
    }

    /// Of machines that run something: a waiting clone has a directory of its own name.
    List<String> machinesOfRuns() {
        return machines().stream().filter(line -> !waits(line)).toList();
    }

    private boolean waits(String commandLine) {
        var name = NAME.matcher(commandLine);
        return name.find() && Files.exists(state.resolve("vms").resolve(name.group(1)));
    }

    /// Whether a command line is that of QEMU or of the walls around it.
    static boolean isMachine(String commandLine) {
        return commandLine.contains("qemu-system-x86_64");
    }

    private static String commandLine(long pid) {
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(words, StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException _) {
            return ""; // gone meanwhile
        }
    }

    /// Files that should not be there when the server has stopped.
    List<String> strayFiles() {
        return Stream.concat(
                        filesBelow(state).filter(file -> !KEPT.matcher(file).matches()),
                        filesBelow(memory).map(file -> memory + "/" + file))
                .toList();
    }

    /// Paths relative to the directory.
    private static Stream<String> filesBelow(Path directory) {
        if (!Files.exists(directory)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all
                    .filter(file -> !Files.isDirectory(file))
                    .map(file -> directory.relativize(file).toString())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Directories of machines and fetch processes.
    List<Path> homes() {
        return Stream.of(state.resolve("vms"), state.resolve("fetch"), memory)
                .flatMap(Remains::entries)
                .toList();
    }

    /// Control groups of VMs of runs that this state has.
    List<Path> groups() {
        var runs =
                filesBelow(state.resolve("logs"))
                        .map(log -> log.replaceAll(".*/|\\.log$", ""))
                        .toList();
        return TestGroups.all().stream()
                .filter(group -> runs.stream().anyMatch(group.toString()::contains))
                .toList();
    }

    /// Control groups that the VMs' directories name.
    List<Path> recordedGroups() throws IOException {
        var groups = new ArrayList<Path>();
        for (Path vm : entries(state.resolve("vms")).toList()) {
            for (String line : Files.readAllLines(vm.resolve("groups"))) {
                groups.add(Path.of(line));
            }
        }
        return groups;
    }

    private static Stream<Path> entries(Path directory) {
        if (!Files.exists(directory)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Removes the directory in memory, which is outside of the test's temporary directory.
    @Override
    public void close() {
        try {
            Trees.remove(memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
