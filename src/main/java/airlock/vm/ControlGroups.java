package airlock.vm;

import airlock.sandbox.Hierarchy;
import airlock.sandbox.Hierarchy.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a control group for each VM, and removes those that a killed server left: the VM's
/// directory records its groups before they are made.
record ControlGroups(List<Hierarchy> hierarchies) {
    private static final String PREFIX = "airlock-";

    /// A group's name. The VM may have another name by now, if it was a ready clone.
    private static final Pattern NAME = Pattern.compile("airlock-[a-z0-9-]{1,60}-[0-9a-f]{8}");
    private static final String TRIAL = "airlock-trial-";

    /// The file in a VM's directory with its groups' paths, one per line.
    private static final String RECORD = "groups";

    ControlGroups {
        hierarchies = List.copyOf(hierarchies);
    }

    static ControlGroups none() {
        return new ControlGroups(List.of());
    }

    /// @param vm the VM's directory, which exists
    /// @param memory in bytes
    ControlGroup make(Path vm, long memory, int tasks) throws IOException {
        var random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        var parts = parts(PREFIX + vm.getFileName() + "-" + random);
        Files.write(vm.resolve(RECORD), parts.stream().map(p -> p.directory().toString()).toList());
        return ControlGroup.make(parts, memory, tasks);
    }

    /// A group to try whether groups work. Those of killed trials are removed.
    ControlGroup trial(long memory, int tasks) throws IOException, InterruptedException {
        for (Hierarchy hierarchy : hierarchies) {
            try (var old = Files.newDirectoryStream(hierarchy.directory(), TRIAL + "*")) {
                for (Path group : old) {
                    if (trier(group).flatMap(ProcessHandle::of).isEmpty()) {
                        ControlGroup.remove(group);
                    }
                }
            }
        }
        long self = ProcessHandle.current().pid();
        return ControlGroup.make(parts(TRIAL + self), memory, tasks);
    }

    private static Optional<Long> trier(Path group) {
        String pid = String.valueOf(group.getFileName()).substring(TRIAL.length());
        return pid.matches("[0-9]{1,10}") ? Optional.of(Long.valueOf(pid)) : Optional.empty();
    }

    private List<Hierarchy> parts(String name) {
        return hierarchies.stream().map(hierarchy -> hierarchy.below(name)).toList();
    }

    /// Removes the groups of a VM whose server was killed, and kills the processes in them.
    static void removeRecorded(Path vm) throws IOException, InterruptedException {
        Path record = vm.resolve(RECORD);
        var lines = Files.exists(record) ? Files.readAllLines(record) : List.<String>of();
        for (String line : lines) {
            Path group = Path.of(line);
            // a torn line doesn't match
            if (NAME.matcher(String.valueOf(group.getFileName())).matches()
                    && Files.exists(group.resolve(ControlGroup.PROCESSES))) {
                ControlGroup.remove(group);
            }
        }
    }

    /// The control group of one VM: a directory in each hierarchy. Closing kills the processes in
    /// it and removes it.
    record ControlGroup(List<Hierarchy> parts, long memory) implements AutoCloseable {
        /// The file that lists a group's processes; writing a process id moves that process there.
        static final String PROCESSES = "cgroup.procs";

        private static final Logger LOG = LoggerFactory.getLogger(ControlGroup.class);

        /// A killed process may have forked first, so repeat.
        private static final int ROUNDS = 20;

        /// A killed process is gone in a few milliseconds; the JVM notices only after a second if
        /// it is not its own child.
        private static final Duration SOON = Duration.ofMillis(100);

        /// Joins each group that is named before `--`, then becomes the program after it, so that
        /// nothing of the program runs outside.
        private static final String ENTER =
                "until [ \"$1\" = -- ]; do echo 0 >\"$1\" || exit 125; shift; done; shift; exec \"$@\"";

        static ControlGroup make(List<Hierarchy> parts, long memory, int tasks) throws IOException {
            var group = new ControlGroup(parts, memory);
            try {
                for (Hierarchy part : parts) {
                    Files.createDirectory(part.directory());
                    part.limit(memory, tasks);
                }
                return group;
            } catch (IOException e) {
                group.close();
                throw e;
            }
        }

        void weigh(Weight weight) {
            for (Hierarchy part : parts) {
                try {
                    part.weigh(weight);
                } catch (IOException e) {
                    LOG.warn("{} keeps its weight: {}", part.directory(), e.toString());
                }
            }
        }

        List<String> enter(List<String> argv) {
            if (parts.isEmpty()) {
                return argv;
            }
            var line = new ArrayList<>(List.of("sh", "-c", ENTER, "control-group"));
            parts.forEach(part -> line.add(part.directory().resolve(PROCESSES).toString()));
            line.add("--");
            line.addAll(argv);
            return line;
        }

        /// Adds to the end of its VM that the kernel killed QEMU because of its memory.
        VmEnd explained(VmEnd end) {
            return switch (end) {
                case VmEnd.HostFailed(var detail) -> outOfMemory(detail).orElse(end);
                case VmEnd.GuestDied(var detail) -> outOfMemory(detail).orElse(end);
                case VmEnd.Finished _, VmEnd.TimedOut _, VmEnd.Cancelled _, VmEnd.OverLimit _ ->
                        end;
            };
        }

        private Optional<VmEnd> outOfMemory(String detail) {
            if (parts.stream().noneMatch(part -> part.kills() > 0)) {
                return Optional.empty();
            }
            boolean full = parts.stream().anyMatch(part -> part.full());
            String why =
                    full
                            ? ("QEMU held more memory than the %d MiB of its control group and was"
                                            + " killed; raise `qemu_memory` below `confinement`")
                                    .formatted(memory >> 20)
                            : "the host ran out of memory and its kernel killed QEMU; lower `slots`,"
                                    + " or `memory` below `limits`";
            return Optional.of(new VmEnd.HostFailed(why + " (" + detail + ")"));
        }

        @Override
        public void close() {
            for (Hierarchy part : parts) {
                try {
                    remove(part.directory());
                } catch (InterruptedException _) {
                    // the next start removes it
                    Thread.currentThread().interrupt();
                } catch (IOException | VmException e) {
                    LOG.warn(
                            "cannot remove the control group {}: {}",
                            part.directory(),
                            e.toString());
                }
            }
        }

        /// Kills the processes in a group and removes it, if it exists.
        static void remove(Path group) throws IOException, InterruptedException {
            for (int round = 1; Files.exists(group); round++) {
                processes(group).forEach(ProcessHandle::destroyForcibly);
                var busy = soonRemoved(group);
                if (busy.isPresent() && round == ROUNDS) {
                    throw busy.orElseThrow();
                }
                QemuProcess.kill(processes(group));
            }
        }

        private static Optional<IOException> soonRemoved(Path group) {
            long end = System.nanoTime() + SOON.toNanos();
            while (true) {
                try {
                    Files.deleteIfExists(group);
                    return Optional.empty();
                } catch (IOException e) {
                    if (System.nanoTime() > end) {
                        return Optional.of(e);
                    }
                    Thread.onSpinWait();
                }
            }
        }

        private static List<ProcessHandle> processes(Path group) throws IOException {
            try {
                return Files.readAllLines(group.resolve(PROCESSES)).stream()
                        // 0 stands for processes that are not visible here
                        .filter(pid -> !pid.equals("0"))
                        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                        .toList();
            } catch (NoSuchFileException _) {
                return List.of();
            }
        }
    }
}
