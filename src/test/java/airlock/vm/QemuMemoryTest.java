package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real QEMU in a control group that has not enough memory for it.
@Tag("vm")
class QemuMemoryTest {
    /// Less than nothing for QEMU itself: its guest must do with less than it was promised.
    private static final long TOO_LITTLE = -(384L << 20);

    @TempDir Path directory;

    @Test
    void aQemuThatNeedsMoreThanItsGroupAllowsIsTheHostsFailureWithTheLimit() throws Exception {
        var cage = Cage.detect(TOO_LITTLE);
        assumeThat(cage.confinement().held())
                .as("control groups: %s", cage.confinement().missing())
                .contains(Layer.CONTROL_GROUP);
        try (var launcher = new Launcher();
                var vm = start(cage, launcher)) {
            assertThat(vm.await())
                    .isInstanceOfSatisfying(
                            VmEnd.HostFailed.class,
                            end ->
                                    assertThat(end.detail())
                                            .contains("384 MiB of its control group")
                                            .contains("raise `qemu_memory` below `confinement`")
                                            .contains("QEMU was killed by signal 9"));
        }
        assertThat(directory.resolve("vms")).isEmptyDirectory();
        Files.delete(MemoryPlace.of(directory, Optional.empty()));
    }

    private Vm start(Cage cage, Launcher launcher) throws IOException {
        var spec =
                new VmSpec(
                        "memory",
                        TestImage.boot(),
                        new VmShape(1, 512, DriveSlots.standard().with(Drive.SCRATCH, 1L << 30)),
                        List.of(
                                VmHostContract.shell(
                                        "mount -t tmpfs -o size=100% tmpfs /mnt",
                                        "head -c 400M /dev/zero | tr '\\0' x > /mnt/x",
                                        "sleep infinity")),
                        Map.of(),
                        Set.of(),
                        directory.resolve("console"),
                        VmLimits.standard(Duration.ofMinutes(2)));
        var setting =
                new QemuVmHost.QemuSetting(
                        Files.createDirectory(directory.resolve("vms")),
                        MemoryPlace.of(directory, Optional.empty()),
                        Accelerator.TCG,
                        cage,
                        launcher,
                        InstantSource.system(),
                        Templates.none());
        return new QemuVmHost(setting).start(spec, _ -> {});
    }
}
