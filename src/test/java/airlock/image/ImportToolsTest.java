package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.LayerTar.LayerBudget;
import airlock.image.OciFixture.Layer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Imports and the programs that they start: zstd(1), and the sandbox around them.
class ImportToolsTest extends ImportFixture {
    @Test
    void programsThatMakeTheDiskRunInABoxAndItsBytesAreTheSame() throws Exception {
        var image = new OciFixture().layer(new Layer().file("bin/sh", "a shell").file("ü", "x"));
        var sums = take(image).facts().sha256();
        try (var watched = new WatchedBox()) {
            box = watched;
            assertThat(file(archive(image), "boxed", Proof.NONE).facts().sha256()).isEqualTo(sums);
            assertThat(watched.started()).contains("mke2fs", "qemu-img");
        }
    }

    @Test
    void layersCompressedByZstdAreTheSameImage() throws Exception {
        String plain = take(new OciFixture().layer(base())).facts().sha256().get(Image.DISK);
        // as zstd:chunked has them, what stands behind the layer is to be skipped
        byte[] skipped = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
        var packed =
                new OciFixture()
                        .layer(base())
                        .packing(
                                layer -> {
                                    var all = new ByteArrayOutputStream();
                                    all.writeBytes(OciFixture.byZstd(layer, "-19"));
                                    all.writeBytes(skipped);
                                    return all.toByteArray();
                                });

        try (var watched = new WatchedBox()) {
            box = watched;
            var image = file(archive(packed), "zstd", Proof.NONE);

            assertThat(image.facts().sha256().get(Image.DISK)).isEqualTo(plain);
            assertThat(watched.started()).contains("zstd");
        }
    }

    @Test
    void damagedLayersOfZstdBombsAndHugeWindowsAreRefused() throws Exception {
        byte[] good = OciFixture.byZstd(base().bytes());
        good[good.length / 2] ^= 1;
        good[good.length / 2 + 1] ^= 1;
        var damaged = new OciFixture().layer(base()).packing(_ -> good);
        refused(damaged, "layer");
        byte[] cut = Arrays.copyOf(OciFixture.byZstd(base().bytes()), 60);
        var shorter = new OciFixture().layer(base()).packing(_ -> cut);
        refused(shorter, "cannot read a layer: zstd failed with code 1: ");
        byte[] bomb = OciFixture.byZstd(new byte[8 << 20]);
        Path file = Files.write(directory.resolve("bomb"), bomb);
        try (var tar = new LayerTar(file, "layer", new LayerBudget(1 << 20, 10), zstd())) {
            assertThatThrownBy(tar::sum).hasMessageContaining("more than 1048576 bytes");
        }
        Path wide =
                Files.write(
                        directory.resolve("wide"), OciFixture.byZstd(base().bytes(), "--long=30"));
        try (var tar = new LayerTar(wide, "layer", LayerBudget.standard(), zstd())) {
            assertThatThrownBy(tar::sum)
                    .hasMessageContaining("cannot read a layer: zstd failed with code 1: ");
        }
    }
}
