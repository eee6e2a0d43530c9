package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.DiskStart.PartitionTable;
import airlock.vm.BootFiles;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Disks with the partition tables of sfdisk(8), and hostile ones.
class CloudImportTest extends ImportFixture {
    private Path raw = Path.of("");

    @BeforeEach
    void disk() throws Exception {
        raw = directory.resolve("disk.raw");
        parted("label: gpt\nsize=2048, type=U\ntype=L\n");
    }

    private void parted(String table) throws Exception {
        Files.deleteIfExists(raw);
        run("truncate", "-s", "8M", raw.toString());
        runWith(table, "/usr/sbin/sfdisk", "-q", raw.toString());
    }

    private Image cloud(Path disk, Optional<Firmware> firmware) throws InterruptedException {
        return imports().cloud(disk, "cloud", firmware, guest, Proof.NONE, _ -> {});
    }

    private static BootFiles.Start.Loader loader(Image image) {
        assertThat(image.boot().start()).isInstanceOf(BootFiles.Start.Loader.class);
        return (BootFiles.Start.Loader) image.boot().start();
    }

    @Test
    void aDiskWithAnEfiPartitionStartsByUefi() throws Exception {
        assertThat(ImageImports.isCloud(raw)).isTrue();

        var image = cloud(raw, Optional.empty());

        assertThat(loader(image).firmware()).isEqualTo(Firmware.UEFI);
        assertThat(image.facts().firmware()).contains(Firmware.UEFI);
        assertThat(image.facts().sha256()).containsOnlyKeys(Image.DISK, Image.SEED);
        assertThat(image.verify(_ -> {})).isEmpty();
        assertThat(Files.readString(image.directory().resolve(Image.FACTS)))
                .contains("\"firmware\" : \"uefi\"");
        assertThat(cloud(raw, Optional.empty())).isEqualTo(image);
        assertSameContent(raw, image);
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

        assertThat(DiskStart.kind(raw)).isEqualTo(new DiskStart.Partitions(expected));
        for (String cluster : List.of("4k", "64k", "2M")) {
            for (String how : List.of("", "-c")) {
                String size = "cluster_size=" + cluster;
                var disk =
                        how.isEmpty()
                                ? converted(raw, "c" + cluster, "-o", size)
                                : converted(raw, "c" + cluster + how, "-o", size, how);
                assertThat(DiskStart.kind(disk)).isEqualTo(new DiskStart.Partitions(expected));
            }
        }
    }

    @Test
    void theFirmwareIsWhatSomebodyWants() throws Exception {
        var image = cloud(converted(raw, "disk.qcow2", "-c"), Optional.of(Firmware.BIOS));

        assertThat(loader(image).firmware()).isEqualTo(Firmware.BIOS);
    }

    @Test
    void oneThatLeadsElsewhereIsRefused() throws Exception {
        overlay(raw);
        refusedAsCloud(directory.resolve("o.qcow2"), "has a backing file");
        refusedAsCloud(
                converted(raw, "split.qcow2", "-o", "data_file=split.data"), "has a data file");
    }

    private void refusedAsCloud(Path disk, String why) {
        assertThatThrownBy(() -> ImageImports.isCloud(disk))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> cloud(disk, Optional.empty()))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
        assertThat(store.listing().all()).hasSize(1);
    }

    @Test
    void anImageGetsAnotherGuestProgramAndKeepsItsDisk() throws Exception {
        var image = cloud(raw, Optional.empty());
        Files.writeString(guest, "the next one");

        var next = store.current(image, guest, _ -> {});

        assertThat(next.directory()).isNotEqualTo(image.directory());
        assertThat(Files.isSameFile(next.boot().disk(), image.boot().disk())).isTrue();
        assertThat(loader(next).firmware()).isEqualTo(Firmware.UEFI);
        assertThat(next.verify(_ -> {})).isEmpty();
        assertThat(run("strings", loader(next).seed().toString())).contains("the next one");
    }

    @Test
    void itHasNoKernelForOthers() throws Exception {
        var cloud = cloud(raw, Optional.empty());
        Path disk = directory.resolve("root.raw");
        run("mke2fs", "-q", "-t", "ext4", disk.toString(), "8M");

        assertThat(ImageImports.isCloud(disk)).isFalse();
        assertThatThrownBy(() -> imports().file(disk, "own", cloud, guest, Proof.NONE, _ -> {}))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("has no kernel for others");
    }

    @Test
    void factsThatDoNotNameTheFirmwareAreToldOf() throws Exception {
        var image = cloud(raw, Optional.empty());
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
