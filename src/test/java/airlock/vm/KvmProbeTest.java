package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.sandbox.Launcher;
import airlock.vm.QemuSandbox.SandboxSpec;
import airlock.vm.ScriptedQemu.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How KVM is probed: by the device, by a double of QEMU, and by the remembered result.
class KvmProbeTest {
    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Path OPENS = Path.of("/dev/null");

    @TempDir Path directory;
    private Path sockets = Path.of("");
    private final FakeVmHost fake = new FakeVmHost();

    @BeforeEach
    void places() throws IOException {
        Files.createDirectory(directory.resolve("vms"));
        sockets = MemoryPlace.of(directory, Optional.empty());
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try (var left = Files.list(sockets)) {
            assertThat(left).isEmpty();
        }
        Files.delete(sockets);
        assertThat(directory.resolve("vms")).isEmptyDirectory();
    }

    @Test
    void withoutADeviceNoVmIsStarted() throws Exception {
        var found = probe(walls(), directory.resolve("kvm"), BOOT).find(_ -> fake, boot());

        assertThat(found.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(found.why())
                .isEqualTo("KVM does not work here: there is no " + directory + "/kvm");
        assertThat(fake.started()).isEmpty();
    }

    @Test
    void aDeviceThatTheVmsUserCanNotOpenIsToldWithTheCureAndLookedAtAgain() throws Exception {
        // open to root and its group, as on hosts without udev; or closed to all
        boolean root = QemuSandbox.isRoot();
        var device = device(root ? "rw-rw----" : "---------");
        var probe = probe(QemuSandbox.detect(), device, BOOT);

        var found = probe.find(_ -> fake, boot());

        assertThat(found.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(found.why())
                .contains(
                        device + " can't be opened by the user that VMs run as",
                        "(Permission denied)");
        assertThat(found.cure())
                .contains(
                        root
                                ? "chgrp kvm " + device
                                : "adduser " + System.getProperty("user.name") + " kvm");
        assertThat(fake.started()).isEmpty();

        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(probe.find(_ -> fake, boot()).accelerator()).isEqualTo(Accelerator.KVM);
    }

    @Test
    void theGroupOfTheDeviceOpensItUnlessItIsRoots() throws Exception {
        assumeThat(QemuSandbox.isRoot()).as("only root can give a file to a group").isTrue();
        var device = device("rw-rw----");
        Files.setAttribute(device, "unix:gid", 104);
        assertThat(SandboxSpec.with(device).groups()).containsExactly(104);
        assertThat(QemuSandbox.detect().refuses(device)).isEmpty();

        Files.setAttribute(device, "unix:gid", 0);
        assertThat(SandboxSpec.with(device).groups()).isEmpty();
        assertThat(QemuSandbox.detect().refuses(device)).isPresent();
    }

    static Stream<Arguments> scripts() {
        return Stream.of(
                Arguments.of(
                        Script.REFUSES_KVM,
                        BOOT,
                        "QEMU failed with code 1: -accel kvm: Could not access KVM kernel module;"
                                + " failed to initialize kvm:�[2J Not permitted"),
                Arguments.of(
                        Script.DIES_BEFORE_GREETING,
                        BOOT,
                        "QEMU was killed by signal 6 (SIGABRT): error: failed to set MSR 0x10a to 0xc000069;"
                                + " kvm.c:3877: Assertion failed."),
                Arguments.of(
                        Script.DIES_IN_KVM,
                        BOOT,
                        "QEMU was killed by signal 6 (SIGABRT): error: kvm run failed Bad address"),
                Arguments.of(Script.INTERNAL_ERROR, BOOT, "QEMU stopped the VM: internal-error"),
                Arguments.of(Script.HANGS, SHORT, "the guest was not ready 1 s after its start"));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void whateverGoesWrongEmulationRunsAndTheCauseIsToldAndRemembered(
            Script script, Duration limit, String cause) throws Exception {
        try (var launcher = ScriptedQemu.launcher(script)) {
            var found = probe(walls(), OPENS, limit).find(host(launcher), boot());

            assertThat(found.accelerator()).isEqualTo(Accelerator.TCG);
            assertThat(found.why()).startsWith("KVM does not work here: " + cause);
            assertThat(found.why()).hasSizeLessThan(300).matches("\\P{C}+");
            assertThat(probe(walls(), OPENS, BOOT).find(_ -> fake, boot())).isEqualTo(found);
        }
        assertThat(fake.started()).as("remembered, so not looked at again").isEmpty();
    }

    @Test
    void aGuestThatReachesItsGateShowsThatKvmWorks() throws Exception {
        try (var launcher = ScriptedQemu.launcher(Script.WORKS)) {
            var found = probe(walls(), OPENS, BOOT).find(host(launcher), boot());

            assertThat(found)
                    .isEqualTo(
                            new KvmProbe.Found(
                                    Accelerator.KVM, "KVM booted the image's kernel", ""));
            assertThat(probe(walls(), OPENS, BOOT).find(_ -> fake, boot())).isEqualTo(found);
        }
        assertThat(fake.started()).isEmpty();
    }

    @Test
    void whatIsRememberedOfAnotherKernelOrIsTornDoesNotCount() throws Exception {
        var probe = probe(walls(), OPENS, BOOT);
        fake.nextEnds(new VmEnd.HostFailed("first"));
        assertThat(probe.find(_ -> fake, boot()).why()).endsWith("first");

        fake.nextEnds(new VmEnd.HostFailed("second"));
        var other = boot();
        var kernel = new BootFiles(Path.of("other"), other.initramfs(), other.disk());
        assertThat(probe.find(_ -> fake, kernel).why()).endsWith("second");

        Files.writeString(directory.resolve("accelerator"), "torn");
        fake.nextEnds(new VmEnd.HostFailed("third"));
        assertThat(probe.find(_ -> fake, boot()).why()).endsWith("third");
        assertThat(fake.started()).hasSize(3);
    }

    private KvmProbe probe(QemuSandbox cage, Path device, Duration limit) {
        return new KvmProbe(directory.resolve("accelerator"), cage, device, limit);
    }

    /// None, since the double is not QEMU and needs a Java.
    private static QemuSandbox walls() {
        return VmSpecs.open();
    }

    private Function<Accelerator, VmHost> host(Launcher launcher) {
        return accelerator ->
                new QemuVmHost(
                        TestMachine.setting(
                                directory, accelerator, walls(), launcher, Templates.none()));
    }

    /// The double of QEMU reads none of them; a disk has its size at byte 24.
    private BootFiles boot() throws IOException {
        var disk = directory.resolve("disk.qcow2");
        Files.write(disk, ByteBuffer.allocate(32).putLong(24, 1 << 20).array());
        var other = Files.writeString(directory.resolve("other"), "");
        return new BootFiles(Path.of("/images/kernel"), other, disk);
    }

    private Path device(String mode) throws IOException {
        var device = Files.createFile(directory.resolve("kvm"));
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString(mode));
        return device;
    }
}
