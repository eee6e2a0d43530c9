package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    private static final Recipe RECIPE =
            Recipe.parse("name mine\nsuite trixie\ndisk 4G\npackage git\n");

    /// mmdebstrap prints its version, or is not there; either way no root file system is made.
    private static final Recipe FAILS =
            new Recipe("fails", "--version", "4G", List.of(), List.of(), "fails");

    @TempDir Path directory;
    private Path guest = Path.of("");
    private ImageStore store = new ImageStore(Path.of(""));

    @BeforeEach
    void store() throws IOException {
        guest = Files.writeString(directory.resolve("guest"), "a program");
        store = new ImageStore(directory.resolve("images"));
    }

    @Test
    void anImageIsFoundByRecipeAndGuestProgram() throws Exception {
        assertThat(store.find(RECIPE, guest)).isEmpty();
        var there = whole(nameOf(RECIPE));

        assertThat(store.find(RECIPE, guest)).contains(new Image(there));
        assertThat(store.build(RECIPE, guest, _ -> {})).isEqualTo(new Image(there));

        Files.writeString(guest, "another program");
        assertThat(store.find(RECIPE, guest)).isEmpty();
    }

    @Test
    void anImageOfAnotherRecipeIsAnotherImage() {
        var other = Recipe.parse(RECIPE.text() + "package curl\n");

        assertThat(nameOf(other)).startsWith("mine-").isNotEqualTo(nameOf(RECIPE));
    }

    @Test
    void aBuildThatFailsLeavesNoImage() throws Exception {
        assertThatThrownBy(() -> store.build(FAILS, guest, _ -> {}))
                .isInstanceOf(ImageException.class);

        assertThat(names(directory.resolve("images"))).containsExactly("lock");
    }

    @Test
    void whatAKilledBuildLeftGoesWithTheNextBuildAndNothingElse() throws Exception {
        var left = Files.createDirectories(directory.resolve("images/building-123/work"));
        Files.writeString(left.resolve("root.tar"), "half");
        Files.createDirectories(directory.resolve("images/mine-of-somebody"));

        assertThatThrownBy(() -> store.build(FAILS, guest, _ -> {}))
                .isInstanceOf(ImageException.class);

        assertThat(names(directory.resolve("images"))).containsExactly("lock", "mine-of-somebody");
    }

    @Test
    void twoBuildsAtOnceAreNotMade() throws Exception {
        Files.createDirectories(directory.resolve("images/building-123"));
        try (var file =
                        FileChannel.open(
                                directory.resolve("images/lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = file.lock()) {
            assertThatThrownBy(() -> store.build(FAILS, guest, _ -> {}))
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining("already");
        }
        assertThat(directory.resolve("images/building-123")).isDirectory();
    }

    @Test
    void withoutTheGuestProgramThereIsNothingToName() {
        assertThatThrownBy(
                        () ->
                                store.build(
                                        RECIPE, directory.resolve("none"), new ArrayList<>()::add))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }

    @Test
    void aDirectoryWithoutAllFilesIsNoImageAndTheMissingOneIsNamed() throws Exception {
        var image = whole("mine");
        assertThat(Image.open(image).boot().kernel()).hasContent(Image.KERNEL);

        for (String name : List.of(Image.DISK, Image.KERNEL, Image.INITRAMFS, Image.FACTS)) {
            var hidden = image.resolveSibling("hidden");
            Files.move(image.resolve(name), hidden);
            assertThatThrownBy(() -> Image.open(image))
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining(name + " is missing");
            Files.move(hidden, image.resolve(name));
        }
    }

    @Test
    void anImageWhoseDiskLeadsElsewhereIsNotOpened() throws Exception {
        var image = whole("mine");
        Qcow2.good().with(Qcow2.INCOMPATIBLE, 4L).in(image);

        assertThatThrownBy(() -> Image.open(image)).hasMessageContaining("a data file");
    }

    @Test
    void aModuleThatIsCompressedInAnUnknownWayIsRefused() throws Exception {
        var plain = directory.resolve("a.ko");

        assertThat(ImageBuilder.plain(plain, directory)).isEqualTo(plain);
        assertThatThrownBy(() -> ImageBuilder.plain(directory.resolve("a.ko.zst"), directory))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("a.ko.zst");
    }

    @Test
    void oneKernelIsExpected() throws Exception {
        var boot = Files.createDirectories(directory.resolve("boot"));
        assertThatThrownBy(() -> ImageBuilder.only(boot)).hasMessageContaining("found 0");
        var kernel = Files.createFile(boot.resolve("vmlinuz-1"));
        assertThat(ImageBuilder.only(boot)).isEqualTo(kernel);
        Files.createFile(boot.resolve("vmlinuz-2"));
        assertThatThrownBy(() -> ImageBuilder.only(boot)).hasMessageContaining("found 2");
    }

    private Path whole(String name) throws IOException {
        var image = Files.createDirectories(directory.resolve("images").resolve(name));
        for (String file : List.of(Image.KERNEL, Image.INITRAMFS, Image.FACTS)) {
            Files.writeString(image.resolve(file), file);
        }
        Qcow2.good().in(image);
        return image;
    }

    private String nameOf(Recipe recipe) {
        return String.valueOf(store.directory(recipe, guest).getFileName());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
        }
    }
}
