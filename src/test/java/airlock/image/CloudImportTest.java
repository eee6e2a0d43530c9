package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.vm.BootFiles;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Disks with the partition tables of sfdisk(8), and hostile ones.
class CloudImportTest {
    @TempDir Path directory;
    private Path guest = Path.of("");
    private Path raw = Path.of("");
    private ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);

    @BeforeEach
    void disk() throws Exception {
        store = new ImageStore(directory.resolve("images"), FakeImages.CLOCK);
        guest = Files.writeString(directory.resolve("guest"), "a program");
        raw = directory.resolve("disk.raw");
        parted("label: gpt\nsize=2048, type=U\ntype=L\n");
    }

    private String run(String input, String... command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (var out = process.outputWriter()) {
            out.write(input);
        }
        String said = process.inputReader().readAllAsString();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void parted(String table) throws Exception {
        Files.deleteIfExists(raw);
        run("", "truncate", "-s", "8M", raw.toString());
        run(table, "/usr/sbin/sfdisk", "-q", raw.toString());
    }

    private Path converted(String name, String... options) throws Exception {
        var command = new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
        command.addAll(List.of(options));
        command.addAll(List.of(raw.toString(), name));
        run("", command.toArray(String[]::new));
        return directory.resolve(name);
    }

    private Image take(Path disk, Optional<Firmware> firmware) throws InterruptedException {
        return new ImageImports(store, Box.NONE)
                .cloud(disk, "cloud", firmware, guest, Proof.NONE, _ -> {});
    }

    private static BootFiles.Start.Loader loader(Image image) {
        assertThat(image.boot().start()).isInstanceOf(BootFiles.Start.Loader.class);
        return (BootFiles.Start.Loader) image.boot().start();
    }

    @Test
    void aDiskWithAnEfiPartitionStartsByUefi() throws Exception {
        assertThat(ImageImports.isCloud(raw)).isTrue();

        var image = take(raw, Optional.empty());

        assertThat(loader(image).firmware()).isEqualTo(Firmware.UEFI);
        assertThat(image.facts().firmware()).contains(Firmware.UEFI);
        assertThat(image.facts().sha256()).containsOnlyKeys(Image.DISK, Image.SEED);
        assertThat(image.verify(_ -> {})).isEmpty();
        assertThat(Files.readString(image.directory().resolve(Image.FACTS)))
                .contains("\"firmware\" : \"uefi\"");
        assertThat(take(raw, Optional.empty())).isEqualTo(image);
        run(
                "",
                "qemu-img",
                "compare",
                "-f",
                "raw",
                "-F",
                "qcow2",
                raw.toString(),
                image.boot().disk().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label: gpt\\nsize=2048, type=21686148-6449-6E6F-744E-656564454649\\ntype=L | BIOS",
                "label: gpt\\ntype=L, size=1024\\ntype=L, size=1024\\ntype=U | UEFI",
                "label: dos\\ntype=83, bootable | BIOS",
                "label: dos\\ntype=83, size=2048\\ntype=ef | UEFI"
            })
    void otherTablesAreReadToo(String table, Firmware expected) throws Exception {
        parted(table.replace("\\n", "\n") + "\n");

        assertThat(DiskStart.kind(raw)).isEqualTo(new DiskKind.Partitions(expected));
        for (String cluster : List.of("4k", "64k", "2M")) {
            for (String how : List.of("", "-c")) {
                var options = new ArrayList<>(List.of("-o", "cluster_size=" + cluster));
                if (!how.isEmpty()) {
                    options.add(how);
                }
                var disk = converted("c" + cluster + how, options.toArray(String[]::new));
                assertThat(DiskStart.kind(disk)).isEqualTo(new DiskKind.Partitions(expected));
            }
        }
    }

    @Test
    void theFirmwareIsWhatSomebodyWants() throws Exception {
        var image = take(converted("disk.qcow2", "-c"), Optional.of(Firmware.BIOS));

        assertThat(loader(image).firmware()).isEqualTo(Firmware.BIOS);
    }

    @Test
    void oneThatLeadsElsewhereIsRefused() throws Exception {
        converted("base.qcow2");
        run(
                "",
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-b",
                "base.qcow2",
                "-F",
                "qcow2",
                "o.qcow2");
        refused(directory.resolve("o.qcow2"), "has a backing file");
        refused(converted("split.qcow2", "-o", "data_file=split.data"), "has a data file");
    }

    private void refused(Path disk, String why) {
        assertThatThrownBy(() -> ImageImports.isCloud(disk))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> take(disk, Optional.empty()))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
        assertThat(store.shelf().all()).isEmpty();
    }

    @Test
    void anImageGetsAnotherGuestProgramAndKeepsItsDisk() throws Exception {
        var image = take(raw, Optional.empty());
        Files.writeString(guest, "the next one");

        var next = store.current(image, guest, _ -> {});

        assertThat(next.directory()).isNotEqualTo(image.directory());
        assertThat(Files.isSameFile(next.boot().disk(), image.boot().disk())).isTrue();
        assertThat(loader(next).firmware()).isEqualTo(Firmware.UEFI);
        assertThat(next.verify(_ -> {})).isEmpty();
        assertThat(run("", "strings", loader(next).seed().toString())).contains("the next one");
    }

    @Test
    void itHasNoKernelForOthers() throws Exception {
        var cloud = take(raw, Optional.empty());
        Path disk = directory.resolve("root.raw");
        run("", "mke2fs", "-q", "-t", "ext4", disk.toString(), "8M");

        assertThat(ImageImports.isCloud(disk)).isFalse();
        assertThatThrownBy(
                        () ->
                                new ImageImports(store, Box.NONE)
                                        .file(disk, "own", cloud, guest, Proof.NONE, _ -> {}))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("has no kernel for others");
    }

    @Test
    void factsThatDoNotNameTheFirmwareAreToldOf() throws Exception {
        var image = take(raw, Optional.empty());
        Path facts = image.directory().resolve(Image.FACTS);
        Files.writeString(facts, "{}");

        assertThatThrownBy(image::boot)
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("does not say for which firmware");
    }

    @Test
    void tablesOfAnyBytesAreReadOrNotTakenForOne() throws IOException {
        var random = new Random(180);
        var start = ByteBuffer.wrap(Files.readAllBytes(raw), 0, PartitionTable.WANTED).slice();
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            var bytes = ByteBuffer.allocate(PartitionTable.WANTED).put(start.duplicate()).clear();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                // the MBR's table and the head of the GPT
                int at = 446 + random.nextInt(512 + 92 - 446);
                bytes.put(at, (byte) (random.nextBoolean() ? random.nextInt() : -1));
            }
            read += PartitionTable.firmware(bytes).isPresent() ? 1 : 0;
        }
        assertThat(read).isBetween(1, 19_999);
        var endless = ByteBuffer.allocate(PartitionTable.WANTED).put(start.duplicate()).clear();
        endless.order(ByteOrder.LITTLE_ENDIAN).putInt(512 + 80, -1).putInt(512 + 84, -1);
        assertThat(PartitionTable.firmware(endless)).isEmpty();
    }
}
