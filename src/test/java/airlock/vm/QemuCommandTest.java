package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.BootFiles.Emulation;
import airlock.vm.VmFiles.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QemuCommandTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/qemu");
    private static final VmSpec SPEC = VmSpecs.plain(Path.of("/console"));
    private static final VmFiles FILES =
            new VmFiles(Path.of("/state/vms/unit"), Path.of("/dev/shm/a,b/unit"));

    @ParameterizedTest
    @EnumSource
    void theCommandLineIsTheGoldenOne(Accelerator accelerator) throws Exception {
        var golden = GOLDEN.resolve(accelerator + ".txt");
        String line =
                (String.join("\n", QemuCommand.of(SPEC, FILES, accelerator, new Origin.Cold()))
                                + "\n")
                        // of the machine that the test runs on
                        .replaceAll(" tsc_early_khz=[0-9]+", "");
        if ("update".equals(System.getProperty("golden"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, line);
        }

        assertThat(line).isEqualTo(Files.readString(golden));
    }

    @Test
    void noVmHasANetworkCardAndEveryDiskNamesItsDriver() {
        var line = QemuCommand.of(SPEC, FILES, Accelerator.TCG, new Origin.Cold());

        assertThat(line).noneMatch(word -> word.contains("net")).contains("-nodefaults");
        assertThat(line.stream().filter("-blockdev"::equals)).hasSize(8);
        assertThat(line.stream().filter(word -> word.startsWith("{")))
                .allMatch(word -> word.matches("\\{\"driver\":\"(raw|qcow2)\".*"));
    }

    @Test
    void aCloneGetsNoKernelButTheRomThatAKernelBrings() {
        var clone = new Origin.Clone(new Template(Path.of("/templates/one")));

        assertThat(QemuCommand.of(SPEC, FILES, Accelerator.TCG, clone))
                .contains("-option-rom", "linuxboot_dma.bin")
                .doesNotContain("-kernel", "-initrd", "-append");
    }

    @ParameterizedTest
    @EnumSource
    void whatChangesItsOwnCodeIsEmulatedByOneThread(Accelerator accelerator) {
        var boot = SPEC.boot();
        var java = VmFixture.of(new BootFiles(boot.disk(), boot.start(), Emulation.IN_TURN), SPEC);
        String line = String.join(" ", QemuCommand.of(java, FILES, accelerator, new Origin.Cold()));

        switch (accelerator) {
            case TCG -> assertThat(line).contains("tcg,thread=single,tb-size=256 ", "-smp 2");
            case KVM -> assertThat(line).doesNotContain("thread=").contains("-smp 2");
        }
    }

    private static VmSpec cloud(BootFiles.Firmware firmware) {
        var disk = Path.of("/images/cloud/disk.qcow2");
        var seed = Path.of("/images/cloud/seed.img");
        var start = new BootFiles.Start.Loader(firmware, seed);
        return VmFixture.of(new BootFiles(disk, start, Emulation.PARALLEL), SPEC);
    }

    @ParameterizedTest
    @EnumSource
    void ofADiskWithItsOwnBootLoaderNothingElseIsBooted(BootFiles.Firmware firmware) {
        var cold = QemuCommand.of(cloud(firmware), FILES, Accelerator.TCG, new Origin.Cold());

        assertThat(cold)
                .containsSequence("-boot", "strict=on")
                .doesNotContain("-kernel", "-initrd", "-append", "-option-rom")
                .noneMatch(word -> word.contains("net"));
        assertThat(cold.stream().filter(word -> word.contains("bootindex")))
                .singleElement()
                .asString()
                .contains("drive=vda,");
        assertThat(cold.stream().filter("-blockdev"::equals)).hasSize(9);
        assertThat(cold.getLast()).contains("drive=seed");
        assertThat(cold.stream().filter(word -> word.contains("seed.img")))
                .singleElement()
                .asString()
                .contains("\"read-only\":true");
    }

    @Test
    void aCloneHasTheFirmwareOfItsTemplate() {
        var clone = new Origin.Clone(new Template(Path.of("/templates/one")));

        assertThat(QemuCommand.of(cloud(BootFiles.Firmware.UEFI), FILES, Accelerator.TCG, clone))
                .containsSequence("-bios", "/usr/share/ovmf/OVMF.fd")
                .doesNotContain("-option-rom");
        assertThat(QemuCommand.of(cloud(BootFiles.Firmware.BIOS), FILES, Accelerator.TCG, clone))
                .doesNotContain("-bios", "-option-rom");
    }

    @Test
    void aCommaInAPathIsNoEndOfAnOption() {
        assertThat(QemuCommand.of(SPEC, FILES, Accelerator.TCG, new Origin.Cold()))
                .contains("socket,id=log,path=/dev/shm/a,,b/unit/log");
    }
}
