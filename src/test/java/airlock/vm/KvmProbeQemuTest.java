package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.sandbox.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `auto` with real QEMU, on whatever machine this is.
@Tag("vm")
class KvmProbeQemuTest {
    private static final Path DEVICE = Path.of("/dev/kvm");

    @TempDir Path directory;

    @Test
    void autoEndsWithAnAcceleratorThatRunsVmsAndSaysWhy() throws Exception {
        var cage = QemuSandbox.detect();
        try (var launcher = new Launcher()) {
            Function<Accelerator, VmHost> hosts = accelerator -> host(accelerator, cage, launcher);
            var found =
                    new KvmProbe(directory.resolve("accelerator"), cage)
                            .find(hosts, TestImage.boot());

            System.err.println("auto: " + found);
            assertThat(found.why()).doesNotContain("monitor", "Malformed");
            if (!Files.exists(DEVICE)) {
                assertThat(found.why()).endsWith("there is no /dev/kvm");
            } else if (cage.refuses(DEVICE).isPresent()) {
                assertThat(found.why())
                        .contains("/dev/kvm can't be opened by the user that VMs run as");
            }
            var spec = VmSpecs.small("auto", TestImage.boot(), directory);
            try (var vm = hosts.apply(found.accelerator()).start(spec, _ -> {})) {
                assertThat(vm.await()).isEqualTo(VmFixture.PASSED);
            }
        }
    }

    /// Without walls QEMU opens all that we can open: on some hosts that works and the guest still
    /// dies.
    @Test
    void whereTheDeviceOpensAndNothingBootsTheReasonIsWhatQemuSaid() throws Exception {
        assumeThat(Files.isReadable(DEVICE) && Files.isWritable(DEVICE))
                .as("%s can be opened", DEVICE)
                .isTrue();
        var open = VmSpecs.open();
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

    private VmHost host(Accelerator accelerator, QemuSandbox cage, Launcher launcher) {
        return new QemuVmHost(
                TestMachine.setting(directory, accelerator, cage, launcher, Templates.none()));
    }
}
