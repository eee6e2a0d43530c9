package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.ImageStore.Removal;
import airlock.sandbox.Sandbox;
import airlock.vm.BootFiles.Emulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDiskTest {
    @TempDir Path directory;
    private Path root = Path.of("");
    private ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);
    private Image parent = new Image(Path.of(""));

    @BeforeEach
    void store() throws Exception {
        root = directory.resolve("images");
        store = new ImageStore(root, FakeImages.CLOCK);
        Path there = FakeImages.add(root, "mine-1");
        parent = new Image(there);
        Path disk = there.resolve(Image.DISK);
        Files.delete(disk);
        run("qemu-img", "create", "-q", "-f", "qcow2", disk.toString(), "1M");
        run("qemu-io", "-c", "write -P 1 0 64k", "-c", "write -P 2 64k 64k", disk.toString());
    }

    private static void run(String... command) throws Exception {
        var _ = ImportFixture.runIn(Path.of("/"), "", command);
    }

    private Image keep(Consumer<Path> overlay) throws InterruptedException {
        return new ImageImports(store, Sandbox.NONE)
                .keep(parent, "new", overlay, List.of("a line"), _ -> {});
    }

    private static Consumer<Path> made(String... command) {
        return target -> {
            try {
                var line = new ArrayList<>(List.of(command));
                line.replaceAll(word -> word.equals("TARGET") ? target.toString() : word);
                run(line.toArray(String[]::new));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }

    @Test
    void theNewDiskIsTheOldOneWithWhatWasWritten() throws Exception {
        var image =
                keep(
                        made("qemu-img", "create", "-q", "-f", "qcow2", "TARGET", "1M")
                                .andThen(made("qemu-io", "-c", "write -P 7 64k 64k", "TARGET")));

        run(
                "qemu-io",
                "-r",
                "-c",
                "read -P 1 0 64k",
                "-c",
                "read -P 7 64k 64k",
                "-c",
                "read -P 0 128k 64k",
                image.boot().disk().toString());
        var facts = image.facts();
        assertThat(facts.name() + " of " + facts.origin().parent()).isEqualTo("new of mine-1");
        assertThat(facts.origin().commands()).containsExactly("a line");
        assertThat(facts.software().installed()).isEmpty();
        assertThat(facts.emulation()).isEqualTo(Emulation.IN_TURN);
        assertThat(facts.origin().text()).isEqualTo("the image mine-1, changed in a shell");
        assertThatThrownBy(() -> keep(_ -> {})).hasMessageContaining("there is an image new");
    }

    @Test
    void anOverlayThatLeadsElsewhereIsRefused() throws Exception {
        Path secret = Files.write(directory.resolve("secret"), new byte[1 << 20]);
        var below = created("backing_file=" + secret + ",backing_fmt=raw");
        run(
                "qemu-io",
                "-r",
                "-c",
                "read -P 1 0 64k",
                "-c",
                "read -P 2 64k 64k",
                keep(below).boot().disk().toString());
        assertThat(store.remove(store.listing().named("new").name()))
                .isInstanceOf(Removal.Removed.class);
        var beside = created("data_file=" + secret);
        assertThatThrownBy(() -> keep(beside))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("is not taken");
        assertThatThrownBy(() -> keep(KeptDiskTest::noDisk))
                .hasMessageContaining("is not a qcow2 disk");
        try (var left = Files.list(root)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .isSubsetOf("mine-1", "lock", "uses");
        }
    }

    private static Consumer<Path> created(String options) {
        return made("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, "TARGET", "1M");
    }

    private static void noDisk(Path target) {
        try {
            Files.write(target, "x".repeat(200).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
