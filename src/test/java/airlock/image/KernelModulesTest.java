package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.Initramfs.KernelModules;
import airlock.yaml.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelModulesTest {
    private static final String GOOD =
            """
            kernel/fs/ext4/ext4.ko.xz: kernel/lib/crc16.ko.xz kernel/fs/jbd2/jbd2.ko.xz
            kernel/fs/jbd2/jbd2.ko.xz: kernel/lib/crc16.ko.xz
            kernel/lib/crc16.ko.xz:
            kernel/drivers/virtio-rng.ko.xz:
            """;

    @TempDir Path root;
    private Path modules = Path.of("");

    @BeforeEach
    void files() throws IOException {
        modules = root.resolve("6.12");
        for (String line : GOOD.lines().toList()) {
            file(line.substring(0, line.indexOf(':')));
        }
        Files.writeString(modules.resolve("modules.builtin"), "kernel/drivers/virtio_pci.ko\n");
    }

    @Test
    void dependenciesComeFirstAndOnceAndBuiltInModulesNotAtAll() throws Exception {
        assertThat(order(GOOD, "virtio_pci", "ext4", "jbd2", "virtio_rng"))
                .containsExactly(
                        "kernel/lib/crc16.ko.xz",
                        "kernel/fs/jbd2/jbd2.ko.xz",
                        "kernel/fs/ext4/ext4.ko.xz",
                        "kernel/drivers/virtio-rng.ko.xz");
    }

    @Test
    void hyphenAndUnderscoreAreOneInAModulesName() throws Exception {
        assertThat(order(GOOD, "virtio-rng")).isEqualTo(order(GOOD, "virtio_rng")).hasSize(1);
    }

    @Test
    void aModuleThatTheKernelHasNotIsNamed() {
        assertThatThrownBy(() -> order(GOOD, "zfs"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("'zfs'");
    }

    @Test
    void aCircleIsToldInsteadOfFollowed() {
        var circle = "kernel/lib/crc16.ko.xz: kernel/fs/jbd2/jbd2.ko.xz\n";

        assertThatThrownBy(() -> order(GOOD.replace("kernel/lib/crc16.ko.xz:\n", circle), "jbd2"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("circle");
        assertThatThrownBy(() -> order("kernel/a.ko: kernel/a.ko\n", "a"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("circle");
    }

    @Test
    void manyWaysToTheSameModuleAreNotAllWalked() throws Exception {
        var lists = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            file("a" + i + ".ko");
            file("b" + i + ".ko");
            String below = i == 0 ? "" : " a" + (i - 1) + ".ko b" + (i - 1) + ".ko";
            lists.append("a" + i + ".ko:" + below + "\nb" + i + ".ko:" + below + "\n");
        }

        assertThat(order(lists.toString(), "a29")).hasSize(59);
    }

    @Test
    void aFileThatIsListedAndMissingIsNamed() {
        var needsMissing = "kernel/lib/crc16.ko.xz: kernel/lib/gone.ko.xz\n";

        assertThatThrownBy(() -> order(needsMissing, "crc16"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("kernel/lib/gone.ko.xz");
    }

    @Test
    void noPathLeadsOutOfTheDirectory() throws Exception {
        var secret = Files.writeString(root.resolve("secret.ko"), "a file of the host");
        Files.createSymbolicLink(modules.resolve("link.ko"), secret);
        Files.createSymbolicLink(modules.resolve("up"), root);

        for (String path :
                List.of(
                        "../secret.ko",
                        "kernel/../../secret.ko",
                        secret.toString(),
                        "link.ko",
                        "up/secret.ko")) {
            assertThatThrownBy(() -> order("kernel/lib/crc16.ko.xz: " + path + "\n", "crc16"))
                    .as(path)
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining("leads out");
        }
    }

    @Test
    void linesOfAnyBytesGiveAnOrderInTheDirectoryOrARefusal() throws Exception {
        var random = new Random(7);
        byte[] good = GOOD.getBytes(StandardCharsets.US_ASCII);
        int ordered = 0;
        for (int i = 0; i < 2_000; i++) {
            Files.write(modules.resolve("modules.dep"), Mutations.of(good, random));
            try {
                var files = new KernelModules(modules).inOrder(List.of("ext4", "virtio_rng"));
                assertThat(files)
                        .allSatisfy(file -> assertThat(file.toRealPath()).startsWith(modules));
                ordered++;
            } catch (ImageException told) {
                assertThat(told).hasMessageMatching("(?s).*(no module|modules.dep|circle).*");
            }
        }
        assertThat(ordered).isBetween(100, 1_900);
    }

    @Test
    void aKernelWithoutListsIsAFaultWithTheFilesName() {
        assertThatThrownBy(() -> new KernelModules(modules))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("modules.dep");
    }

    private List<String> order(String lists, String... wanted) throws IOException {
        Files.writeString(modules.resolve("modules.dep"), lists);
        return new KernelModules(modules)
                .inOrder(List.of(wanted)).stream()
                        .map(file -> modules.relativize(file).toString())
                        .toList();
    }

    private void file(String path) throws IOException {
        var file = modules.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }
}
