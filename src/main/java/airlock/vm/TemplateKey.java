package airlock.vm;

import airlock.base.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;

/// What a template depends on: whatever makes a saved VM unfit for a clone or makes clones differ
/// from VMs that boot.
final class TemplateKey {
    /// Changes with what this version writes into a template.
    private static final String FORMAT = "3";

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");
    private static final Path NOWHERE = Path.of("/");
    private static final int LENGTH = 16;

    private TemplateKey() {}

    /// 16 hexadecimal digits.
    static String of(BootFiles boot, VmShape shape, Accelerator accelerator) throws IOException {
        var parts = new ArrayList<String>();
        parts.add(FORMAT);
        // devices, machine, CPUs, memory, kernel's command line, accelerator
        parts.addAll(
                QemuCommand.of(
                        spec("key", boot, shape, NOWHERE),
                        new VmFiles(NOWHERE, NOWHERE),
                        accelerator,
                        new Origin.Making(NOWHERE, NOWHERE)));
        for (Drive drive : Drive.values()) {
            parts.add(drive.node() + " " + shape.slots().of(drive));
        }
        var files = new ArrayList<>(boot.files());
        files.addAll(QemuStart.files(boot));
        files.add(Path.of(QemuCommand.PROGRAM));
        for (Path file : files) {
            parts.add(
                    "%s %d %s".formatted(file, Files.size(file), Files.getLastModifiedTime(file)));
        }
        parts.add(Files.readString(KERNEL));
        parts.add(processor());
        return Hash.sha256(String.join("\0", parts)).substring(0, LENGTH);
    }

    /// The VM that becomes a template: it has the steps of a rehearsal and no content on its
    /// drives, and may write what any phase's VM may.
    static VmSpec spec(String name, BootFiles boot, VmShape shape, Path console) {
        return new VmSpec(
                name,
                boot,
                shape,
                Rehearsal.ofTemplate(),
                Map.of(),
                Set.of(Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES),
                console,
                VmLimits.standard(Duration.ofMinutes(1)));
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(CPU)) {
            return String.join(
                    "\n",
                    lines.filter(line -> line.startsWith("model name") || line.startsWith("flags"))
                            .distinct()
                            .toList());
        }
    }
}
