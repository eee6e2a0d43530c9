package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Disks made by Debian's own tools, and hostile ones (H2).
class DiskImportTest {
    @TempDir Path directory;
    private Path root = Path.of("");
    private Path guest = Path.of("");
    private Path raw = Path.of("");
    private Image kernel = new Image(Path.of(""));
    private ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);

    @BeforeEach
    void disks() throws Exception {
        root = directory.resolve("images");
        store = new ImageStore(root, FakeImages.CLOCK);
        guest = Files.writeString(directory.resolve("guest"), "a program");
        raw = directory.resolve("disk.raw");
        run("mke2fs", "-q", "-t", "ext4", raw.toString(), "8M");
        kernel = new Image(FakeImages.add(root, "debian-13-1"));
    }

    private void run(String... command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = process.inputReader().readAllAsString();
        assertThat(process.waitFor()).as(said).isZero();
    }

    private Path converted(String name, String... options) throws Exception {
        var command = new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
        command.addAll(List.of(options));
        command.addAll(List.of(raw.toString(), name));
        run(command.toArray(String[]::new));
        return directory.resolve(name);
    }

    private Image take(Path disk) throws InterruptedException {
        return new ImageImports(store, Box.NONE)
                .file(disk, "taken", kernel, guest, Proof.NONE, _ -> {});
    }

    private void refused(Path disk, String why) throws IOException {
        assertThatThrownBy(() -> take(disk))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
        try (var left = Files.list(root)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .isSubsetOf("debian-13-1", "lock", "uses");
        }
    }

    @Test
    void aRawDiskBecomesAnImageWithTheKernelOfAnother() throws Exception {
        var image = take(raw);

        var facts = image.facts();
        assertThat(facts.name()).isEqualTo("taken");
        assertThat(facts.parent()).isEqualTo("debian-13-1");
        assertThat(facts.from()).isEqualTo("the file disk.raw, sha256 " + Hashes.of(raw));
        assertThat(image.boot().kernel()).hasContent("kernel");
        assertThat(Files.readString(image.boot().initramfs())).contains("a program");
        assertThat(image.verify(_ -> {})).isEmpty();
        run(
                "qemu-img",
                "compare",
                "-f",
                "raw",
                "-F",
                "qcow2",
                raw.toString(),
                image.boot().disk().toString());
        assertThat(take(raw)).isEqualTo(image);
    }

    @Test
    void aQcow2DiskIsTakenByteForByte() throws Exception {
        var plain = converted("plain.qcow2");

        assertThat(take(plain).boot().disk()).hasSameBinaryContentAs(plain);
    }

    @Test
    void soAreACompressedOneAndOneOfTheOlderVersion() throws Exception {
        var packed = converted("packed.qcow2", "-c", "-o", "compat=0.10");

        assertThat(take(packed).boot().disk()).hasSameBinaryContentAs(packed);
    }

    @Test
    void oneThatLeadsElsewhereIsRefused() throws Exception {
        converted("base.qcow2");
        run(
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
        refused(
                converted("zstd.qcow2", "-c", "-o", "compression_type=zstd"),
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
        byte[] good = Files.readAllBytes(converted("good.qcow2", "-c"));
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
        assertThatThrownBy(
                        () ->
                                new ImageImports(store, Box.NONE)
                                        .file(
                                                raw,
                                                "taken",
                                                kernel,
                                                guest,
                                                Proof.of(Optional.of(sums)),
                                                _ -> {}))
                .hasMessageContaining("has the sum")
                .hasMessageContaining("SHA512SUMS");

        run("sh", "-c", "sha512sum disk.raw other > SHA512SUMS || true");
        var image =
                new ImageImports(store, Box.NONE)
                        .file(raw, "taken", kernel, guest, Proof.of(Optional.of(sums)), _ -> {});
        assertThat(image.facts().from()).endsWith(", as SHA512SUMS says");
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
        assertThatThrownBy(
                        () ->
                                new ImageImports(store, Box.NONE)
                                        .file(raw, name, kernel, guest, Proof.NONE, _ -> {}))
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
        try (var box = new WatchedBox()) {
            var boxed =
                    new ImageImports(store, box)
                            .file(raw, "boxed", kernel, guest, Proof.NONE, _ -> {});

            assertThat(boxed.facts().sha256()).isEqualTo(sums);
            assertThat(box.started()).contains("qemu-img");
        }
    }
}
