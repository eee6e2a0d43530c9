package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.house.SmallDisk;
import airlock.image.ImageStore.Removal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image in use is not removed, by this process or by others.
class ImageUseTest {
    @TempDir Path directory;
    private Path root = Path.of("");
    private ImageStore store = new ImageStore(Path.of(""), FakeImages.CLOCK);

    @BeforeEach
    void store() throws Exception {
        root = directory.resolve("images");
        store = new ImageStore(root, FakeImages.CLOCK);
        FakeImages.add(root, "mine-1");
        FakeImages.add(root, "mine-2");
    }

    private Image image(String name) {
        return new Image(root.resolve(name));
    }

    @Test
    void oneThatIsUsedIsNotRemovedUntilTheLastUseEnds() {
        var one = store.use(image("mine-1"), "one").orElseThrow();
        var two = store.use(image("mine-1"), "two").orElseThrow();

        assertThat(store.remove("mine-1")).isInstanceOf(Removal.InUse.class);
        one.close();
        assertThat(store.remove("mine-1"))
                .isEqualTo(new Removal.InUse(List.of("this airlock itself")));
        two.close();
        assertThat(store.remove("mine-1")).isInstanceOf(Removal.Removed.class);
        assertThat(root.resolve("mine-1")).doesNotExist();
        assertThat(store.users("mine-1")).isEmpty();
        assertThat(root.resolve("mine-2")).isDirectory();
    }

    @Test
    void oneThatIsGoneCantBeUsed() {
        store.remove("mine-1");

        assertThat(store.use(image("mine-1"), "late")).isEmpty();
        assertThat(store.remove("mine-1")).isEqualTo(new Removal.Gone());
    }

    @Test
    void anotherProcessIsNamedAndKeepsTheImageUntilItIsKilled() throws Exception {
        var process = StoreProcess.start(List.of(), List.of(), "use", root, "mine-1");
        try {
            try (var said = process.inputReader()) {
                assertThat(said.readLine()).isEqualTo("in use");
                assertThat(store.remove("mine-1")).isEqualTo(new Removal.InUse(List.of("a test")));
                // looking must not end what the other one holds
                assertThat(store.remove("mine-1")).isInstanceOf(Removal.InUse.class);
                assertThat(store.prune(Set.of(), FakeImages.NOW, _ -> {}))
                        .containsExactly("mine-2");

                process.destroyForcibly().waitFor();
            }
        } finally {
            process.destroyForcibly();
        }

        assertThat(store.users("mine-1")).isEmpty();
        assertThat(store.remove("mine-1")).isInstanceOf(Removal.Removed.class);
        try (var left = Files.list(root.resolve(StoreListing.USES))) {
            assertThat(left.map(Path::getFileName)).containsExactly(Path.of("lock"));
        }
    }

    @Test
    void anImageThatLiesElsewhereIsUsedWithoutATouch() throws Exception {
        var other = directory.resolve("other");
        Files.createDirectories(other);
        var before = Files.getLastModifiedTime(other);

        store.use(new Image(other), "one").orElseThrow().close();

        assertThat(Files.getLastModifiedTime(other)).isEqualTo(before);
    }

    @Test
    void whateverTheUmaskAStoreIsItsOwnersAndVmsOnlyReadWhatTheyBoot() throws Exception {
        Path root = directory.resolve("store");
        var loose = List.of("sh", "-c", "umask 000 && exec \"$@\"", "sh");
        StoreProcess.run(loose, "build", root);

        var modes = new TreeSet<String>();
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                modes.add(mode + " " + root.relativize(file));
            }
        }
        assertThat(modes)
                .containsExactly(
                        "r--r--r-- mine-1/disk.qcow2",
                        "r--r--r-- mine-1/initramfs.cpio",
                        "r--r--r-- mine-1/vmlinuz",
                        "rw------- lock",
                        "rw------- mine-1/facts.json",
                        "rwx------ ",
                        "rwx------ mine-1");
    }

    @Test
    void whateverTheUmaskTheUsersThatABuildMapsReachItsScratch() throws Exception {
        Path building = Files.createDirectory(directory.resolve("building"));
        var strict = List.of("sh", "-c", "umask 077 && exec \"$@\"", "sh");
        assertThat(StoreProcess.run(strict, "scratch", building)).isEqualTo("rwx--x--x\n");
    }

    @Test
    void aFullDiskIsToldLeavesNothingAndTheNextImageFits() throws Exception {
        assume(SmallDisk.missing());
        Path small = Files.createDirectory(directory.resolve("small"));
        String said = StoreProcess.run(SmallDisk.of(32, small), "fill", small);
        assertThat(said)
                .contains("the disk is full: " + small + " has ", "airlock image prune", "No space")
                .contains("left: [] [lock]")
                .contains("after: 1");
    }

    private static void assume(String missing) {
        if (!missing.isEmpty()) {
            System.out.println("skipped: " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
    }

    /// mmdebstrap(1) sends SIGHUP to its process group when it can't write its archive.
    @Test
    void aFullDiskUnderMmdebstrapIsToldAndLeavesNothingAndAirlockLives() throws Exception {
        assume(
                Files.isExecutable(Path.of("/usr/bin/mmdebstrap"))
                        ? SmallDisk.missing()
                        : "mmdebstrap is missing");
        Path small = Files.createDirectory(directory.resolve("small"));
        var before = new ArrayList<>(List.of("setsid", "--wait"));
        before.addAll(SmallDisk.of(8, small));
        String said = StoreProcess.run(before, "mmdebstrap", small);
        assertThat(said)
                .contains("told: no image was made", small + " has ", "airlock image prune")
                .contains("What failed: mmdebstrap failed with code ", "root.tar: No space left")
                .contains("left: [lock]");
        var scratch = Pattern.compile("scratch: (\\S+)").matcher(said);
        assertThat(scratch.find()).isTrue();
        assertThat(Path.of(scratch.group(1))).doesNotExist();
    }
}
