package airlock.vm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                new BootFiles(
                        images.resolve("kernel"),
                        images.resolve("initramfs"),
                        images.resolve("disk.qcow2")),
                new VmShape(2, 1024, DriveSlots.standard().with(Drive.ARTIFACTS, 8192)),
                List.of(steps),
                Map.of(),
                Set.of(Drive.ARTIFACTS),
                console,
                LIMITS);
    }
}
