package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.program.Program;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import airlock.vm.VmSpec.DriveContent;
import airlock.vm.VmSpec.VmLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The walls around a real QEMU, and how VMs end when QEMU or its host fails.
@Tag("vm")
class QemuWallsTest {
    private static BootFiles boot;
    private static QemuSandbox cage;

    @TempDir Path directory;
    private final Launcher launcher = new Launcher();
    private final CountDownLatch stepBegan = new CountDownLatch(1);
    private final StringBuilder output = new StringBuilder();
    private Path memory;
    private Path vms;

    @BeforeAll
    static void prepare() throws InterruptedException {
        cage = QemuSandbox.detect();
        boot = TestImage.boot();
    }

    @BeforeEach
    void directories() throws IOException {
        vms = Files.createDirectory(directory.resolve("vms"));
        memory = MemoryPlace.of(directory, Optional.empty());
    }

    @AfterEach
    void close() throws IOException {
        launcher.close();
        Files.deleteIfExists(memory);
    }

    private Vm start(Map<Drive, DriveContent> contents, String... lines) {
        var small = VmSpecs.small("walls", boot, directory, VmFixture.shell(lines));
        var spec = VmFixture.with(small, contents, VmLimits.standard(Duration.ofMinutes(1)));
        var setting =
                TestMachine.setting(directory, Accelerator.TCG, cage, launcher, Templates.none());
        return new QemuVmHost(setting).start(spec, this::hear);
    }

    private void hear(GuestRecord record) {
        if (record instanceof GuestRecord.StepStarted) {
            stepBegan.countDown();
        }
        if (record instanceof GuestRecord.Output said) {
            output.append(new String(said.bytes(), StandardCharsets.UTF_8));
        }
    }

    private void awaitStep() throws InterruptedException {
        assertThat(stepBegan.await(2, TimeUnit.MINUTES)).as("the step began").isTrue();
    }

    /// QEMU itself, behind the walls.
    private static ProcessHandle qemu() {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> status(p.pid(), "Name").startsWith("qemu-system"))
                .findFirst()
                .orElseThrow();
    }

    private static String status(long pid, String field) {
        try (var lines = Files.lines(Path.of("/proc", "" + pid, "status"))) {
            return lines.filter(line -> line.startsWith(field + ":"))
                    .findFirst()
                    .map(line -> line.substring(field.length() + 1).strip())
                    .orElse("");
        } catch (IOException | java.io.UncheckedIOException _) {
            return "";
        }
    }

    @Test
    void qemuHasNoRightsNoNetworkAndNoFilesButItsOwn() throws Exception {
        try (Vm vm = start(Map.of(), "sleep infinity")) {
            awaitStep();
            long pid = qemu().pid();
            var held = vm.isolation().confinement().held();

            assertThat(status(pid, "Uid")).doesNotStartWith("0\t").doesNotContain("\t0");
            assertThat(status(pid, "CapEff")).isEqualTo("0000000000000000");
            assertThat(status(pid, "CapBnd").equals("0000000000000000") || !QemuSandbox.isRoot())
                    .isTrue();
            assertThat(status(pid, "Seccomp")).isEqualTo("2");
            assertThat(status(pid, "NoNewPrivs")).isEqualTo("1");
            var limits = Files.readString(Path.of("/proc", "" + pid, "limits"));
            assertThat(limits).containsPattern("Max core file size +0 +0");
            assumeThat(held).as("bubblewrap works").contains(Layer.NAMESPACES);
            assertThat(Files.readString(Path.of("/proc", "" + pid, "net/dev")).lines())
                    .filteredOn(line -> line.contains(":") && !line.contains("lo:"))
                    .isEmpty();
            var root = Path.of("/proc", "" + pid, "root");
            assertThat(root.resolve("etc")).doesNotExist();
            assertThat(root.resolve("proc/self")).doesNotExist();
        }
    }

    @Test
    void aQemuThatIsKilledIsTheHostsFailureAndNothingIsLeft() throws Exception {
        try (Vm vm = start(Map.of(), "sleep infinity")) {
            awaitStep();
            var processes = ProcessHandle.current().descendants().toList();

            qemu().destroyForcibly();

            assertThat(vm.await())
                    .isInstanceOfSatisfying(
                            VmEnd.HostFailed.class,
                            end ->
                                    assertThat(end.detail())
                                            .contains("QEMU was killed by signal 9"));
            assertThat(processes).allMatch(QemuProcess::isOver);
        }
        assertThat(vms).isEmptyDirectory();
        assertThat(memory).isEmptyDirectory();
    }

    @Test
    void whenTheLaunchersThreadEndsItsVmsEnd() throws Exception {
        assumeThat(cage.confinement().held()).as("bubblewrap works").contains(Layer.NAMESPACES);
        try (Vm vm = start(Map.of(), "sleep infinity")) {
            awaitStep();

            launcher.close();

            assertThat(vm.await()).isInstanceOf(VmEnd.HostFailed.class);
        }
    }

    @Test
    void secretsAreInMemoryAndHaveNoNameWhileTheGuestRuns() throws Exception {
        var secret = new DriveContent.Bytes("hush".getBytes(StandardCharsets.UTF_8));
        try (Vm vm = start(Map.of(Drive.SECRETS, secret), "head -c 4 /dev/vdg", "exec sleep 1")) {
            awaitStep();

            assertThat(Files.getFileStore(memory).type()).isEqualTo("tmpfs");
            assertThat(memory.resolve("walls/vdg")).doesNotExist();
            assertThat(vms.resolve("walls/vdg")).doesNotExist();
            assertThat(vm.await()).isInstanceOf(VmEnd.Finished.class);
        }
        assertThat(output).hasToString("hush");
    }

    @Test
    void aReadOnlyDriveCannotBeWrittenAndTheVmGoesOn() throws Exception {
        try (Vm vm =
                start(
                        Map.of(),
                        "dd if=/dev/zero of=/dev/vdc count=1 2>/dev/null || echo refused",
                        "blockdev --setrw /dev/vdc 2>/dev/null",
                        "dd if=/dev/zero of=/dev/vdc count=1 2>/dev/null || echo refused again",
                        "dd if=/dev/zero of=/dev/vdg count=1 2>/dev/null || echo and secrets")) {
            assertThat(vm.await()).isEqualTo(VmFixture.PASSED);
        }
        assertThat(output).hasToString("refused\nrefused again\nand secrets\n");
    }

    @Test
    void theGuestHasTheHostsTimeNoNetworkCardAndSeedsOfItsOwn() throws Exception {
        try (Vm vm = start(Map.of(), "date +%s", "ls /sys/class/net", "uname -n")) {
            assertThat(vm.await()).isInstanceOf(VmEnd.Finished.class);
        }
        var lines = output.toString().lines().toList();
        assertThat(Long.parseLong(lines.getFirst()))
                .isBetween(
                        InstantSource.system().instant().getEpochSecond() - 60,
                        InstantSource.system().instant().getEpochSecond());
        assertThat(lines.get(1)).isEqualTo("lo");
        assertThat(lines.get(2)).matches("airlock-[0-9a-f]{8}");
    }

    @Test
    void aFullDiskOfTheHostIsTheHostsFailureAndNamed() throws Exception {
        assumeThat(QemuSandbox.isRoot()).as("only root can mount a small disk").isTrue();
        var mount = List.of("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", vms.toString());
        assertThat(Program.run(mount, Duration.ofSeconds(10)).output()).isEmpty();
        try (Vm vm = start(Map.of(), "cat /dev/zero > /ci/large; sync", "sleep infinity")) {
            assertThat(vm.await())
                    .isInstanceOfSatisfying(
                            VmEnd.HostFailed.class,
                            end -> assertThat(end.detail()).contains("the host's disk is full"));
        } finally {
            Program.run(List.of("umount", vms.toString()), Duration.ofSeconds(10));
        }
    }

    @Test
    void anImageThatIsNoneIsTheHostsFailureWithItsReason() throws Exception {
        var broken = boot;
        boot =
                new BootFiles(
                        Files.writeString(directory.resolve("kernel"), "no kernel"),
                        boot.initramfs(),
                        boot.disk());
        try (Vm vm = start(Map.of(), "echo never")) {
            assertThat(vm.await()).isInstanceOf(VmEnd.HostFailed.class);
        } finally {
            boot = broken;
        }
        assertThat(output).isEmpty();
    }
}
