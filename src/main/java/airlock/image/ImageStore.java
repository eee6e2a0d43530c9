package airlock.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Keeps images, a directory each, named after what they were made of: recipe, guest program and
/// this class's way of making them. An image appears whole or not at all.
public final class ImageStore {
    /// Raised when images are made in another way.
    private static final int WAY = 1;

    private static final int KEY_DIGITS = 16;
    private static final String UNFINISHED = "building-";
    private static final Set<StandardOpenOption> OPEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    private static final List<String> FILES = List.of(Image.DISK, Image.KERNEL, Image.INITRAMFS);

    private final Path root;

    /// @param root the directory of all images
    public ImageStore(Path root) {
        this.root = root;
    }

    /// The image of `recipe` with `guestProgram`, if it was built.
    public Optional<Image> find(Recipe recipe, Path guestProgram) {
        Path directory = directory(recipe, guestProgram);
        return Files.isRegularFile(directory.resolve(Image.FACTS))
                ? Optional.of(Image.open(directory))
                : Optional.empty();
    }

    /// The image of `recipe`, built if it is not there yet: about a minute, and Debian's packages
    /// have to be reachable.
    ///
    /// @param progress hears what is being done, a line each
    public Image build(Recipe recipe, Path guestProgram, Consumer<String> progress)
            throws InterruptedException {
        var there = find(recipe, guestProgram);
        if (there.isPresent()) {
            progress.accept("there already: " + there.get().directory());
            return there.get();
        }
        Path target = directory(recipe, guestProgram);
        try {
            Files.createDirectories(root);
            try (var file = FileChannel.open(root.resolve("lock"), OPEN);
                    var _ = lock(file, progress)) {
                if (!Files.exists(target)) {
                    make(recipe, guestProgram, progress, target);
                }
            }
        } catch (IOException e) {
            throw new ImageException("cannot make the image " + target + ": " + e, e);
        }
        return Image.open(target);
    }

    /// One process at a time makes images; the lock goes with the process.
    private FileLock lock(FileChannel file, Consumer<String> progress) throws IOException {
        try {
            var free = file.tryLock();
            if (free != null) {
                return free;
            }
            progress.accept("waiting for another airlock that makes an image in " + root);
            return file.lock();
        } catch (OverlappingFileLockException e) {
            throw new ImageException("an image is being made in " + root + " already", e);
        }
    }

    private void make(Recipe recipe, Path guestProgram, Consumer<String> progress, Path target)
            throws IOException, InterruptedException {
        removeUnfinished();
        Path building = Files.createTempDirectory(root, UNFINISHED);
        try {
            new ImageBuilder(building, progress).build(recipe, guestProgram);
            remove(building.resolve("work"));
            writeFacts(building, recipe);
            Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(building);
        }
    }

    /// What builds left that were killed, some GiB each.
    private void removeUnfinished() throws IOException {
        try (var left = Files.newDirectoryStream(root, UNFINISHED + "*")) {
            for (Path building : left) {
                remove(building);
            }
        }
    }

    /// Where the image of a recipe is, or will be.
    Path directory(Recipe recipe, Path guestProgram) {
        var digest = sha256();
        digest.update((WAY + "\n" + recipe.text()).getBytes(StandardCharsets.UTF_8));
        digest.update(hash(guestProgram).getBytes(StandardCharsets.US_ASCII));
        String key = HexFormat.of().formatHex(digest.digest()).substring(0, KEY_DIGITS);
        return root.resolve(recipe.name() + "-" + key);
    }

    private static void writeFacts(Path directory, Recipe recipe) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", recipe.name());
        facts.put("suite", recipe.suite());
        facts.put("packages", recipe.packages());
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String name : FILES) {
            hashes.put(name, hash(directory.resolve(name)));
            force(directory.resolve(name));
            // whatever the umask: a VM has a user of its own, which must read them and never write
            Files.setPosixFilePermissions(
                    directory.resolve(name), PosixFilePermissions.fromString("r--r--r--"));
        }
        facts.put("sha256", hashes);
        Path file = directory.resolve(Image.FACTS);
        Files.writeString(
                file,
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(facts)
                        + "\n");
        force(file);
    }

    private static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static String hash(Path file) {
        var digest = sha256();
        var buffer = ByteBuffer.allocate(1 << 20);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(tree)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
