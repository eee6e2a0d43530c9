package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.OciFixture.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store with an image whose kernel others may have, and containers to take into it.
abstract class ContainerFixture {
    @TempDir Path directory;
    Path root = Path.of("");
    Path guest = Path.of("");
    Image kernel = new Image(Path.of(""));
    ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);
    final List<String> heard = new ArrayList<>();

    @BeforeEach
    void store() throws Exception {
        root = directory.resolve("images");
        store = new ImageStore(root, FakeImages.CLOCK);
        guest = Files.writeString(directory.resolve("guest"), "a program");
        kernel = new Image(FakeImages.add(root, "debian-13-1"));
    }

    Image take(Path source) throws InterruptedException {
        return new ImageImports(store, Box.NONE)
                .file(source, "taken", kernel, guest, Proof.NONE, heard::add);
    }

    Image take(OciFixture image) throws Exception {
        return take(OciFixture.archive(image.oci(), directory.resolve("image.tar")));
    }

    void refused(Path source, String why) throws IOException {
        assertThatThrownBy(() -> take(source))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
        try (var left = Files.list(root)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .isSubsetOf("debian-13-1", "lock", "uses");
        }
    }

    void refused(OciFixture image, String why) throws IOException {
        refused(OciFixture.archive(image.oci(), directory.resolve("image.tar")), why);
    }

    static Layer base() throws IOException {
        return new Layer()
                .folder("usr")
                .folder("usr/bin")
                .file("usr/bin/bash", "#!bash")
                .symlink("bin", "usr/bin")
                .folder("etc")
                .file("etc/a", "lower a")
                .file("etc/b", "lower b")
                .folder("opt")
                .file("opt/one", "1")
                .folder("opt/deep")
                .file("opt/deep/two", "2");
    }

    Zstd zstd() {
        return new Zstd(Box.NONE, directory.resolve("zstd"));
    }
}
