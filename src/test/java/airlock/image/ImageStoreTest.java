package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.ImageStore.Removal;
import airlock.image.StoreListing.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageStoreTest {
    private static final Recipe RECIPE =
            Recipe.parse("name mine\nsuite trixie\ndisk 4G\npackage git\n");

    /// mmdebstrap prints its version, or is not there; either way no root file system is made.
    private static final Recipe FAILS =
            new Recipe(
                    "fails",
                    Map.of(
                            "name", List.of("fails"),
                            "suite", List.of("--version"),
                            "disk", List.of("4G")));

    @TempDir Path directory;
    private Path guest = Path.of("");
    private ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);

    @BeforeEach
    void store() throws IOException {
        guest = Files.writeString(directory.resolve("guest"), "a program");
        store = new ImageStore(directory.resolve("images"), FakeImages.CLOCK);
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
    void twoBuildsAtOnceMakeOneImage() throws Exception {
        var root = directory.resolve("images");
        var made = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        ImageStore.Making slow =
                (target, _) -> {
                    made.incrementAndGet();
                    begun.countDown();
                    goOn.await();
                    return FakeImages.make(target);
                };
        try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = both.submit(() -> store.add(root.resolve("mine-1"), slow, _ -> {}));
            begun.await();
            var two = both.submit(() -> store.add(root.resolve("mine-1"), slow, _ -> {}));
            goOn.countDown();

            assertThat(one.get()).isEqualTo(two.get());
        }
        assertThat(made.get()).isEqualTo(1);
    }

    @Test
    void anotherProcessThatBuildsIsWaitedFor() throws Exception {
        var root = Files.createDirectories(directory.resolve("images"));
        var heard = new LinkedBlockingQueue<String>();
        var other =
                new ProcessBuilder(
                                "flock",
                                "--fcntl",
                                "--no-fork",
                                root.resolve("lock").toString(),
                                "cat")
                        .start();
        try (var one = Executors.newVirtualThreadPerTaskExecutor()) {
            // cat answers once the lock is there
            other.outputWriter().append("locked\n").flush();
            assertThat(other.inputReader().readLine()).isEqualTo("locked");

            var image =
                    one.submit(
                            () ->
                                    store.add(
                                            root.resolve("mine-1"),
                                            (target, _) -> FakeImages.make(target),
                                            heard::add));
            assertThat(heard.take()).contains("waiting for another airlock");
            other.destroyForcibly();

            assertThat(image.get().facts().name()).isEqualTo("mine");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void whatIsKnownOfAnImageStandsBesideIt() throws Exception {
        var image = Image.open(FakeImages.add(directory.resolve("images"), "mine-1"));
        var facts = image.facts();

        assertThat(facts.made()).contains(FakeImages.NOW);
        assertThat(facts.origin().text()).isEqualTo("the recipe mine");
        assertThat(facts.origin().recipe()).isEqualTo(FakeImages.RECIPE.text());
        assertThat(facts.software().installed()).containsEntry("bash", "5.2.37-2").hasSize(2);
        assertThat(facts.software().shell()).isEqualTo("/bin/bash");
        assertThat(facts.software().user()).isEqualTo("root");
        assertThat(facts.sha256()).containsOnlyKeys(Image.BOOTED);
        assertThat(facts.hash()).hasSize(64);
        assertThat(image.directory().resolve(ImageStore.WORK)).doesNotExist();
    }

    @Test
    void anImageThatChangedDoesNotVerify() throws Exception {
        var image = Image.open(FakeImages.add(directory.resolve("images"), "mine-1"));
        assertThat(image.verify(_ -> {})).isEmpty();

        var kernel = image.directory().resolve(Image.KERNEL);
        Files.setPosixFilePermissions(kernel, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(kernel, "another");

        assertThat(image.verify(_ -> {}))
                .singleElement()
                .asString()
                .startsWith("vmlinuz: sha256 is ");
    }

    @Test
    void theListingHasWholeAndDamagedImagesAndFindsThemByEitherName() throws Exception {
        var root = directory.resolve("images");
        FakeImages.add(root, "mine-1");
        FakeImages.add(root, "mine-2");
        Files.delete(root.resolve("mine-2").resolve(Image.INITRAMFS));
        Files.createDirectories(root.resolve("building-9"));

        assertThat(store.listing().all())
                .extracting(Stored::name)
                .containsExactly("mine-1", "mine-2");
        assertThat(store.listing().all().getLast()).isInstanceOf(Stored.Damaged.class);
        assertThat(store.listing().named("mine").name()).isEqualTo("mine-1");
        assertThat(store.listing().named("mine-1").name()).isEqualTo("mine-1");
        assertThatThrownBy(() -> store.listing().named("mine-2"))
                .hasMessageContaining("initramfs.cpio is missing");
        assertThatThrownBy(() -> store.listing().named("yours"))
                .hasMessageContaining("'yours'")
                .hasMessageContaining("mine-1, mine-2");
    }

    @Test
    void pruneLeavesWhatIsKeptOrYoungAndTakesDamagedOnesAndLeftovers() throws Exception {
        var root = directory.resolve("images");
        FakeImages.add(root, "kept-1");
        FakeImages.add(root, "mine-1");
        FakeImages.add(root, "young-1");
        Files.createDirectories(root.resolve("building-9/work"));
        Files.createDirectories(root.resolve("removing-9"));
        Files.createDirectories(root.resolve("damaged-1"));
        for (String name : List.of("kept-1", "mine-1", "damaged-1")) {
            Files.setLastModifiedTime(root.resolve(name), FileTime.from(Instant.EPOCH));
        }
        Files.setLastModifiedTime(root.resolve("young-1"), FileTime.from(FakeImages.NOW));

        var gone = store.prune(Set.of("kept-1"), FakeImages.NOW.minus(Duration.ofDays(1)), _ -> {});

        assertThat(gone).containsExactly("damaged-1", "mine-1");
        assertThat(names(root)).containsExactly("kept-1", "lock", "uses", "young-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../images", "uses", "lock", "a/b", "building-1"})
    void onlyImagesAreRemoved(String name) throws Exception {
        var root = directory.resolve("images");
        FakeImages.add(root, "mine-1");
        Files.createDirectories(root.resolve("building-1"));
        store.users("mine-1");

        assertThat(store.remove(name)).isEqualTo(new Removal.Gone());
        assertThat(names(root)).containsExactly("building-1", "lock", "mine-1", "uses");
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
        for (String file : List.of(Image.KERNEL, Image.INITRAMFS)) {
            Files.writeString(image.resolve(file), file);
        }
        Files.writeString(image.resolve(Image.FACTS), "{}");
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
