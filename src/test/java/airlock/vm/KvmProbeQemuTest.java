package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import airlock.sandbox.VmUsers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `auto` with real QEMU, on whatever machine this is.
@Tag("vm")
class KvmProbeQemuTest {
    private static final Path DEVICE = Path.of("/dev/kvm");

    @TempDir Path directory;

    @BeforeEach
    void places() throws Exception {
        Files.createDirectory(directory.resolve("vms"));
    }

    @Test
    void autoEndsWithAnAcceleratorThatRunsVmsAndSaysWhy() throws Exception {
        var cage = Cage.detect();
        try (var launcher = new Launcher()) {
            Function<Accelerator, VmHost> hosts = accelerator -> host(accelerator, cage, launcher);
            var found =
                    new KvmProbe(directory.resolve("accelerator"), cage)
                            .find(hosts, TestImage.boot());

            System.err.println("auto: " + found);
            assertThat(found.why()).doesNotContain("monitor", "Malformed");
            if (!Files.exists(DEVICE)) {
                assertThat(found.why()).endsWith("there is no /dev/kvm");
            } else if (CageTrial.refuses(cage, DEVICE).isPresent()) {
                assertThat(found.why())
                        .contains("/dev/kvm can't be opened by the user that VMs run as");
            }
            try (var vm = hosts.apply(found.accelerator()).start(spec(), _ -> {})) {
                assertThat(vm.await()).isEqualTo(new VmEnd.Finished(true, Map.of()));
            }
        }
    }

    /// Without walls QEMU opens whatever we can open: there are hosts where that works and the
    /// guest dies all the same.
    @Test
    void whereTheDeviceOpensAndNothingBootsTheReasonIsWhatQemuSaid() throws Exception {
        assumeThat(Files.isReadable(DEVICE) && Files.isWritable(DEVICE))
                .as("%s can be opened", DEVICE)
                .isTrue();
        Map<Layer, String> missing = new EnumMap<>(Layer.class);
        missing.put(Layer.NAMESPACES, "a test");
        missing.put(Layer.LIMITS, "a test");
        var open = new Cage(false, VmUsers.in(Path.of("/proc/self/uid_map")), missing);
        try (var launcher = new Launcher()) {
            var found =
                    new KvmProbe(directory.resolve("accelerator"), open)
                            .find(kind -> host(kind, open, launcher), TestImage.boot());

            System.err.println("auto, without walls: " + found);
            if (found.accelerator() == Accelerator.TCG) {
                assertThat(found.why())
                        .containsPattern(
                                "QEMU failed with code|QEMU was killed|QEMU stopped the VM|not ready")
                        .doesNotContain("no message", "monitor");
            }
        }
    }

    private VmHost host(Accelerator accelerator, Cage cage, Launcher launcher) {
        return new QemuVmHost(
                new QemuVmHost.QemuSetting(
                        directory.resolve("vms"),
                        MemoryPlace.of(directory, Optional.empty()),
                        accelerator,
                        cage,
                        launcher,
                        InstantSource.system(),
                        Templates.none()));
    }

    private VmSpec spec() {
        return new VmSpec(
                "auto",
                TestImage.boot(),
                new VmShape(1, 512, DriveSlots.standard()),
                List.of(),
                Map.of(),
                Set.of(),
                directory.resolve("console"),
                VmLimits.standard(Duration.ofMinutes(1)));
    }
}
