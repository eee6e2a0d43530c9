package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.program.Ending;
import airlock.program.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path directory;
    private Path init = Path.of("");
    private List<Path> modules = List.of();

    @BeforeEach
    void inputs() throws IOException {
        var random = new Random(3);
        init = bytes("airlock-guest", 1001, random);
        // each length that padding to four bytes knows
        modules =
                List.of(
                        bytes("virtio_blk.ko", 4096, random),
                        bytes("virtio-rng.ko", 1, random),
                        bytes("crc16.ko", 0, random),
                        bytes("ext4.ko", 2, random));
    }

    @Test
    void debiansCpioReadsItInTheOrderInWhichModulesAreLoaded() throws Exception {
        var archive = written("initramfs.cpio");

        assertThat(cpio("cpio -t --quiet < " + archive).output().lines())
                .containsExactly(
                        "init",
                        "modules",
                        "modules/00-virtio_blk.ko",
                        "modules/01-virtio-rng.ko",
                        "modules/02-crc16.ko",
                        "modules/03-ext4.ko");
    }

    @Test
    void whatCpioUnpacksAreTheFilesAndWhoMayRunThem() throws Exception {
        var archive = written("initramfs.cpio");
        var unpacked = Files.createDirectory(directory.resolve("unpacked"));
        var result =
                cpio(
                        "cd %s && umask 022 && cpio -i -m --quiet --no-preserve-owner < %s"
                                .formatted(unpacked, archive));

        assertThat(result.code()).as(result.output()).isZero();
        assertThat(unpacked.resolve("init")).hasSameBinaryContentAs(init).isExecutable();
        int number = 0;
        for (Path module : modules) {
            assertThat(unpacked.resolve("modules/0" + number++ + "-" + module.getFileName()))
                    .hasSameBinaryContentAs(module);
        }
    }

    @Test
    void theSameInputsGiveTheSameBytes() throws Exception {
        var first = written("first.cpio");
        Files.setLastModifiedTime(init, java.nio.file.attribute.FileTime.fromMillis(1));

        assertThat(written("second.cpio")).hasSameBinaryContentAs(first);
    }

    @Test
    void moreModulesThanTheirNumbersCanOrderAreRefused() throws Exception {
        Initramfs.write(directory.resolve("most"), init, Collections.nCopies(100, modules.get(1)));

        assertThatThrownBy(
                        () ->
                                Initramfs.write(
                                        directory.resolve("more"),
                                        init,
                                        Collections.nCopies(101, modules.get(1))))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("101");
    }

    @Test
    void aRenewedOneIsTheSameAsOneThatIsWrittenWithThatProgram() throws Exception {
        Path next = Files.writeString(directory.resolve("next"), "the next program");
        Path expected = directory.resolve("expected");
        Initramfs.write(expected, next, modules);

        Initramfs.renew(written("old"), next, directory.resolve("renewed"));

        assertThat(directory.resolve("renewed")).hasSameBinaryContentAs(expected);
    }

    @Test
    void anythingElseIsNotRenewed() throws Exception {
        byte[] good = Files.readAllBytes(written("old"));
        var random = new Random(39);
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = FakeImages.mutated(good, random, 4);
            Path file = Files.write(directory.resolve("mutated"), bytes);
            try {
                Initramfs.renew(file, init, directory.resolve("renewed"));
            } catch (ImageException e) {
                assertThat(e).hasMessageContaining("mutated");
            }
        }
        int end = new String(good, StandardCharsets.ISO_8859_1).indexOf("TRAILER!!!");
        for (int length = 0; length < end; length += 7) {
            Path file = Files.write(directory.resolve("cut"), Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Initramfs.renew(file, init, directory.resolve("renewed")))
                    .isInstanceOf(ImageException.class);
        }
    }

    private Path written(String name) throws IOException {
        var archive = directory.resolve(name);
        Initramfs.write(archive, init, modules);
        return archive;
    }

    private Path bytes(String name, int length, Random random) throws IOException {
        var content = new byte[length];
        random.nextBytes(content);
        return Files.write(directory.resolve(name), content);
    }

    private static Ending cpio(String line) throws InterruptedException {
        var result = Program.run(List.of("sh", "-c", line), LIMIT);
        assumeThat(result.code()).as("cpio is not there: %s", result.output()).isNotEqualTo(127);
        return result;
    }
}
