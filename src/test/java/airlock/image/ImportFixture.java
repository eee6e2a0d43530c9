package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.LayerTar.Zstd;
import airlock.image.OciFixture.Layer;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store with an image whose kernel others may have, and disks and containers to import.
abstract class ImportFixture {
    @TempDir Path directory;
    Path root = Path.of("");
    Path guest = Path.of("");
    Image kernel = new Image(Path.of(""));
    ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);
    Sandbox box = Sandbox.NONE;
    final List<String> heard = new ArrayList<>();

    @BeforeEach
    void store() throws Exception {
        root = directory.resolve("images");
        store = new ImageStore(root, FakeImages.CLOCK);
        guest = Files.writeString(directory.resolve("guest"), "a program");
        kernel = new Image(FakeImages.add(root, "debian-13-1"));
    }

    /// Runs a program in the directory; its output.
    String run(String... command) throws Exception {
        return runWith("", command);
    }

    String runWith(String input, String... command) throws Exception {
        return runIn(directory, input, command);
    }

    static String runIn(Path directory, String input, String... command) throws Exception {
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

    Path converted(Path raw, String name, String... options) throws Exception {
        run(
                Stream.of(
                                Stream.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"),
                                Stream.of(options),
                                Stream.of(raw.toString(), name))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
        return directory.resolve(name);
    }

    /// A qcow2 disk on top of another.
    Path overlay(Path raw) throws Exception {
        Path below = converted(raw, "base.qcow2");
        run(("qemu-img create -q -f qcow2 -b " + below + " -F qcow2 o.qcow2").split(" ", -1));
        return directory.resolve("o.qcow2");
    }

    void assertSameContent(Path raw, Image image) throws Exception {
        String disk = image.boot().disk().toString();
        run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw.toString(), disk);
    }

    ImageImports imports() {
        return new ImageImports(store, box);
    }

    Image file(Path source, String name, Proof proof) throws InterruptedException {
        return imports().file(source, name, kernel, guest, proof, heard::add);
    }

    Image take(Path source) throws InterruptedException {
        return file(source, "taken", Proof.NONE);
    }

    Image take(OciFixture image) throws Exception {
        return take(archive(image));
    }

    Path archive(OciFixture image) throws IOException {
        return OciFixture.archive(image.oci(), directory.resolve("image.tar"));
    }

    void refused(ThrowingCallable taking, String why) throws IOException {
        assertThatThrownBy(taking).isInstanceOf(ImageException.class).hasMessageContaining(why);
        try (var left = Files.list(root)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .isSubsetOf("debian-13-1", "lock", "uses");
        }
    }

    void refused(Path source, String why) throws IOException {
        refused(() -> take(source), why);
    }

    void refused(OciFixture image, String why) throws IOException {
        refused(archive(image), why);
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
        return new Zstd(Sandbox.NONE, directory.resolve("zstd"));
    }
}
