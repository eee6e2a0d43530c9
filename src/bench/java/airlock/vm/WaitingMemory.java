package airlock.vm;

import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmLeftovers.RunMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Measures `vm.ready.memory` and `vm.clone.memory` of docs/performance.md: what one more clone
/// that waits has in memory of its own, QEMU and the walls around it together. It has another one
/// beside it: what both share is not one's own.
final class WaitingMemory {
    private static final double MB = 1e6;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final QemuSetting setting;
    private final VmModel model;

    WaitingMemory(QemuSetting setting, VmModel model) {
        this.setting = setting;
        this.model = model;
    }

    /// Of one that had its rehearsal beside another one, in MB.
    double rehearsed() throws Exception {
        var policy = new ReadyClones.Policy(2, Duration.ofHours(1), 0);
        var clones = new ReadyClones(setting, policy, () -> Long.MAX_VALUE);
        try {
            clones.keep(new ReadyClones.Kind(model, Duration.ofMinutes(1)));
            while (clones.waiting() < 2) {
                Thread.sleep(LOOK);
            }
            try (Stream<Path> vms = Files.list(setting.directory())) {
                Path waits =
                        vms.filter(vm -> vm.getFileName().toString().startsWith("ready-"))
                                .findFirst()
                                .orElseThrow();
                return megabytes(waits);
            }
        } finally {
            clones.end();
        }
    }

    /// Of one that was loaded and never ran, beside another one, in MB.
    double loaded() throws Exception {
        return loaded(_ -> loaded(WaitingMemory::megabytes));
    }

    /// What is found while one waits.
    ///
    /// @param measured takes its directory
    private double loaded(Measured measured) throws Exception {
        String name = "loaded-" + Long.toString(System.nanoTime(), 36);
        var files = setting.files(name);
        var template = setting.templates().ask(setting, model).get().orElseThrow();
        var console = files.directory().resolve("console");
        var spec = Rehearsal.templateSpec(name, model, console);
        var origin = new Origin.Clone(template);
        try {
            Drives.make(spec, files, origin);
            var vm = new QemuInstance(setting, spec, files, origin);
            try {
                vm.load(new VmTimes.Stopwatch());
                return measured.of(files.directory());
            } finally {
                vm.end();
            }
        } finally {
            files.remove();
        }
    }

    private interface Measured {
        double of(Path vm) throws Exception;
    }

    private static double megabytes(Path vm) throws IOException {
        var first = RunMarker.read(vm).flatMap(RunMarker::process).orElseThrow();
        var all = Stream.concat(Stream.of(first), first.descendants()).toList();
        long kibibytes = 0;
        for (var process : all) {
            kibibytes += privateKibibytes(process.pid());
        }
        return kibibytes * 1024 / MB;
    }

    /// proc_pid_smaps_rollup(5).
    private static long privateKibibytes(long pid) throws IOException {
        List<String> lines =
                Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"));
        return lines.stream()
                .filter(line -> line.startsWith("Private_"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .sum();
    }
}
