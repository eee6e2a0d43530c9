package airlock.image;

import airlock.vm.BootFiles.Emulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Small images that no VM could boot, but every check of the store takes for one.
public final class FakeImages {
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final InstantSource CLOCK = () -> NOW;

    static final Recipe RECIPE =
            Recipe.parse("name mine\nsuite trixie\ndisk 4G\npackage git\nrun echo 'it is' made\n");

    private FakeImages() {}

    /// Writes an image's files.
    static Facts make(Path directory) throws IOException {
        Files.createDirectories(directory.resolve(ImageStore.WORK));
        Files.writeString(directory.resolve(ImageStore.WORK).resolve("root.tar"), "half");
        Files.writeString(directory.resolve(Image.KERNEL), "kernel");
        Path init = Files.writeString(directory.resolve(ImageStore.WORK).resolve("init"), "init");
        Initramfs.write(directory.resolve(Image.INITRAMFS), init, List.of());
        Qcow2.good().in(directory);
        return Facts.of(
                RECIPE, Map.of("bash", "5.2.37-2", "git", "1:2.47.3-0"), Emulation.IN_TURN, "");
    }

    /// `good` with one to `most` random bytes in random places.
    static byte[] mutated(byte[] good, Random random, int most) {
        byte[] bytes = good.clone();
        for (int i = 0; i < 1 + random.nextInt(most); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /// Adds an image with that key to a store and returns its directory.
    public static Path add(Path root, String name) throws InterruptedException {
        return new ImageStore(root, CLOCK)
                .add(root.resolve(name), (directory, _) -> make(directory), _ -> {})
                .directory();
    }
}
