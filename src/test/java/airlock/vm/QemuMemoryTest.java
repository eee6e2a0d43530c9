package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real QEMU in a control group with too little memory.
@Tag("vm")
class QemuMemoryTest {
    /// Less than nothing for QEMU itself: the group cannot even hold the guest's memory.
    private static final long TOO_LITTLE = -(384L << 20);

    @TempDir Path directory;

    @Test
    void aQemuThatNeedsMoreThanItsGroupAllowsIsTheHostsFailureWithTheLimit() throws Exception {
        var cage = QemuSandbox.detect(TOO_LITTLE);
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

    private Vm start(QemuSandbox cage, Launcher launcher) {
        var hold =
                VmFixture.shell(
                        "mount -t tmpfs -o size=100% tmpfs /mnt",
                        "head -c 400M /dev/zero | tr '\\0' x > /mnt/x", "sleep infinity");
        var setting =
                TestMachine.setting(directory, Accelerator.TCG, cage, launcher, Templates.none());
        var spec = VmSpecs.small("memory", TestImage.boot(), directory, hold);
        return new QemuVmHost(setting).start(spec, _ -> {});
    }
}
