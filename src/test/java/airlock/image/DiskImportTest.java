package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.ImageStore.Removal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Disks made by Debian's own tools, and hostile ones (H2).
class DiskImportTest extends ImportFixture {
    private Path raw = Path.of("");

    @BeforeEach
    void disk() throws Exception {
        raw = directory.resolve("disk.raw");
        run("mke2fs", "-q", "-t", "ext4", raw.toString(), "8M");
    }

    @Test
    void aRawDiskBecomesAnImageWithTheKernelOfAnother() throws Exception {
        var image = take(raw);

        var facts = image.facts();
        assertThat(facts.name()).isEqualTo("taken");
        assertThat(facts.origin().parent()).isEqualTo("debian-13-1");
        assertThat(facts.origin().text())
                .isEqualTo("the file disk.raw, sha256 " + StoreFiles.sha256(raw));
        assertThat(image.boot().kernel()).hasContent("kernel");
        assertThat(Files.readString(image.boot().initramfs())).contains("a program");
        assertThat(image.verify(_ -> {})).isEmpty();
        assertSameContent(raw, image);
        assertThat(take(raw)).isEqualTo(image);
    }

    @Test
    void aQcow2DiskIsTakenByteForByte() throws Exception {
        var plain = converted(raw, "plain.qcow2");

        assertThat(take(plain).boot().disk()).hasSameBinaryContentAs(plain);
    }

    @Test
    void soAreACompressedOneAndOneOfTheOlderVersion() throws Exception {
        var packed = converted(raw, "packed.qcow2", "-c", "-o", "compat=0.10");

        assertThat(take(packed).boot().disk()).hasSameBinaryContentAs(packed);
    }

    @Test
    void oneThatLeadsElsewhereIsRefused() throws Exception {
        refused(overlay(raw), "has a backing file");
        refused(converted(raw, "split.qcow2", "-o", "data_file=split.data"), "has a data file");
        refused(
                converted(raw, "zstd.qcow2", "-c", "-o", "compression_type=zstd"),
                "is compressed by zstd");
    }

    @Test
    void oneWithNothingOnItIsRefused() throws Exception {
        try (var file = FileChannel.open(raw, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {0, 0}), 1080);
        }
        refused(raw, "does not begin with an ext4 file system");
        run("qemu-img", "create", "-q", "-f", "qcow2", "empty.qcow2", "8M");
        refused(directory.resolve("empty.qcow2"), "does not begin with");
        refused(Files.createFile(directory.resolve("nothing")), "");
        refused(directory.resolve("none"), "there is no file");
    }

    @Test
    void aRawDiskThatLooksLikeAQcow2OneIsReadAsSuchAndRefused() throws Exception {
        Files.write(raw, Qcow2.good().with(Qcow2.BACKING_OFFSET, 512L).bytes());

        refused(raw, "has a backing file");
    }

    @Test
    void mutatedTablesAreRefusedOrTakenAndNothingElse() throws Exception {
        byte[] good = Files.readAllBytes(converted(raw, "good.qcow2", "-c"));
        var random = new Random(39);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                // the header and the tables lie in the first clusters
                bytes[random.nextInt(Math.min(bytes.length, 5 << 16))] = (byte) random.nextInt();
            }
            var disk = Files.write(directory.resolve("mutated.qcow2"), bytes);
            try {
                DiskCheck.check(disk);
                DiskStart.kind(disk);
            } catch (ImageException _) {
                refused++;
            }
        }
        assertThat(refused).isLessThan(500);
        for (int at : new int[] {3 << 16, 4 << 16}) {
            byte[] bytes = good.clone();
            ByteBuffer.wrap(bytes).putLong(at, -1L >>> 1);
            var disk = Files.write(directory.resolve("mutated.qcow2"), bytes);
            assertThatThrownBy(() -> DiskStart.kind(disk)).isInstanceOf(ImageException.class);
        }
    }

    @Test
    void sumsDecideWhereTheyAreGiven() throws Exception {
        var sums = directory.resolve("SHA512SUMS");
        Files.writeString(sums, "0".repeat(128) + "  disk.raw\n" + "1".repeat(64) + " *other\n");
        var proof = Proof.of(Optional.of(sums));
        assertThatThrownBy(() -> file(raw, "taken", proof))
                .hasMessageContaining("checksum mismatch")
                .hasMessageContaining("SHA512SUMS");

        run("sh", "-c", "sha512sum disk.raw other > SHA512SUMS || true");
        assertThat(file(raw, "taken", proof).facts().origin().text())
                .endsWith(", as SHA512SUMS says");
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        take(raw);
        run("mke2fs", "-q", "-t", "ext4", directory.resolve("other.raw").toString(), "9M");

        assertThatThrownBy(() -> take(directory.resolve("other.raw")))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("there is an image taken already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../taken", "a/b", "building-x", "-x", "a b", ".x"})
    void aNameIsAName(String name) {
        assertThatThrownBy(() -> file(raw, name, Proof.NONE))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void anImageGetsAnotherGuestProgramAndKeepsItsDisk() throws Exception {
        var image = take(raw);
        assertThat(store.current(image, guest, _ -> {})).isEqualTo(image);

        Files.writeString(guest, "the next one");
        var next = store.current(image, guest, _ -> {});

        assertThat(next.directory()).isNotEqualTo(image.directory());
        assertThat(Files.readString(next.boot().initramfs())).contains("the next one");
        assertThat(Files.isSameFile(next.boot().disk(), image.boot().disk())).isTrue();
        assertThat(next.verify(_ -> {})).isEmpty();
        assertThat(store.current(next, guest, _ -> {})).isEqualTo(next);
        assertThat(store.remove(image.directory().getFileName().toString()))
                .isInstanceOf(Removal.Removed.class);
        assertThat(next.verify(_ -> {})).isEmpty();
    }

    @Test
    void programsThatMakeTheDiskRunInABoxAndItsBytesAreTheSame() throws Exception {
        var sums = take(raw).facts().sha256();
        try (var watched = new WatchedBox()) {
            box = watched;
            assertThat(file(raw, "boxed", Proof.NONE).facts().sha256()).isEqualTo(sums);
            assertThat(watched.started()).contains("qemu-img");
        }
    }
}
