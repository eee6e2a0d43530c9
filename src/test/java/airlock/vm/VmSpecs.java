package airlock.vm;

import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.VmUsers;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmModel.VmShape;
import airlock.vm.VmSpec.VmLimits;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Specs for unit tests.
final class VmSpecs {
    static final VmLimits LIMITS =
            new VmLimits(
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(20),
                    GuestLimits.ofProcesses(4096),
                    1000,
                    4096);

    private VmSpecs() {}

    static VmSpec plain(Path console, Step... steps) {
        var images = Path.of("/images/debian-13");
        return new VmSpec(
                "unit",
                new VmModel(
                        new BootFiles(
                                images.resolve("kernel"),
                                images.resolve("initramfs"),
                                images.resolve("disk.qcow2")),
                        new VmShape(2, 1024, DriveSlots.standard().with(Drive.ARTIFACTS, 8192))),
                List.of(steps),
                Map.of(),
                Set.of(Drive.ARTIFACTS),
                console,
                LIMITS,
                Optional.empty());
    }

    /// A small VM with time for `steps` of two minutes.
    static VmSpec small(String name, BootFiles boot, Path directory, Step... steps) {
        return new VmSpec(
                name,
                new VmModel(
                        boot,
                        new VmShape(1, 512, DriveSlots.standard().with(Drive.SCRATCH, 1L << 30))),
                List.of(steps),
                Map.of(),
                Set.of(),
                directory.resolve("console"),
                VmLimits.standard(Duration.ofMinutes(2)),
                Optional.empty());
    }

    static VmLimits limited(GuestLimits guest) {
        var usual = VmLimits.standard(Duration.ofMinutes(2));
        return new VmLimits(usual.boot(), usual.time(), usual.cpuTime(), guest, 1 << 20, 64 << 20);
    }

    /// @param logBytes most of the log
    static VmLimits limited(Duration time, Duration cpuTime, long logBytes) {
        var usual = VmLimits.standard(time);
        return new VmLimits(usual.boot(), time, cpuTime, usual.guest(), 1 << 20, logBytes);
    }

    /// No walls at all.
    static QemuSandbox open() {
        var missing = Map.of(Layer.NAMESPACES, "a test", Layer.LIMITS, "a test");
        return new QemuSandbox(false, VmUsers.in(Path.of("/proc/self/uid_map")), missing);
    }
}
