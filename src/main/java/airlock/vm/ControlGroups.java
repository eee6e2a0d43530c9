package airlock.vm;

import airlock.sandbox.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

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
        Files.write(
                vm.resolve(RECORD),
                parts.stream().map(part -> part.directory().toString()).toList());
        return ControlGroup.make(parts, memory, tasks);
    }

    /// A group to try whether groups work. Those of killed trials are removed.
    ControlGroup trial(long memory, int tasks) throws IOException, InterruptedException {
        for (Hierarchy hierarchy : hierarchies) {
            try (var old = Files.newDirectoryStream(hierarchy.parent(), TRIAL + "*")) {
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

    private List<ControlGroup.Part> parts(String name) {
        return hierarchies.stream()
                .map(h -> new ControlGroup.Part(h, h.parent().resolve(name)))
                .toList();
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
}
