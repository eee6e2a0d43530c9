package airlock.image;

import airlock.base.FullDisk;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.base.Trees;
import airlock.image.StoreListing.Stored;
import airlock.vm.BootFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Stores images, a directory each, under a key of what they were made of: recipe, guest program
/// and [#WAY]. A kill at any time leaves an image whole or absent. Images in use are not removed.
/// Any number of processes may share the directory.
public final class ImageStore {
    /// The folder of an image being made that holds temporary files.
    static final String WORK = "work";
    private static final int WAY = 1; // raised when images are made differently
    private static final int KEY_DIGITS = 16;

    /// Free bytes below which we blame a failure on the full disk.
    private static final long LITTLE = 16L << 20;

    /// The kernel's lock does not exclude threads of one process.
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path root;
    private final InstantSource clock;
    private final UseMarks marks;

    /// Makes the files of an image.
    @FunctionalInterface
    interface Making {
        /// Writes disk, kernel and initramfs.
        ///
        /// @param directory empty; its folder [#WORK] is deleted afterwards
        /// @param progress gets a line per step
        /// @return facts without hashes and time
        Facts make(Path directory, Consumer<String> progress)
                throws IOException, InterruptedException;
    }

    /// A store in the directory `root`.
    public ImageStore(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
        this.marks = new UseMarks(root.resolve(StoreListing.USES));
    }

    /// The images that are here.
    public StoreListing listing() {
        return new StoreListing(root);
    }

    /// The image of `recipe` with `guestProgram`, if it was built.
    public Optional<Image> find(Recipe recipe, Path guestProgram) {
        Path directory = directory(recipe, guestProgram);
        return Files.isRegularFile(directory.resolve(Image.FACTS))
                ? Optional.of(Image.open(directory))
                : Optional.empty();
    }

    /// Finds or builds the image of `recipe`: about a minute, with Debian's packages from a mirror.
    ///
    /// @param progress gets a line per step
    public Image build(Recipe recipe, Path guestProgram, Consumer<String> progress)
            throws InterruptedException {
        var there = find(recipe, guestProgram);
        if (there.isPresent()) {
            progress.accept("there already: " + there.get().directory());
            return there.get();
        }
        return add(
                directory(recipe, guestProgram),
                (directory, heard) ->
                        new ImageBuilder(directory, heard).build(recipe, guestProgram),
                progress);
    }

    /// Returns `image` if it has this guest program; else finds or makes the image with the same
    /// disk and kernel that has it.
    public Image current(Image image, Path guestProgram, Consumer<String> progress)
            throws InterruptedException {
        var facts = image.facts();
        String guest = StoreFiles.sha256(guestProgram);
        if (facts.guest().equals(guest)) {
            return image;
        }
        String key = Hash.sha256("guest\n%s\n%s\n".formatted(facts.hash(), guest));
        return add(
                directory(facts.name(), key),
                (directory, heard) -> {
                    heard.accept("giving %s the present guest program".formatted(name(image)));
                    renew(image, guestProgram, directory);
                    return facts.withGuest(guest);
                },
                progress);
    }

    private static void renew(Image old, Path guestProgram, Path directory)
            throws IOException, InterruptedException {
        var boot = old.boot();
        StoreFiles.linkOrCopy(boot.disk(), directory.resolve(Image.DISK));
        switch (boot.start()) {
            case BootFiles.Start.Kernel(var kernel, var initramfs) -> {
                StoreFiles.linkOrCopy(kernel, directory.resolve(Image.KERNEL));
                Initramfs.renew(initramfs, guestProgram, directory.resolve(Image.INITRAMFS));
            }
            case BootFiles.Start.Loader _ ->
                    CloudSeed.write(directory.resolve(Image.SEED), guestProgram);
        }
    }

    Image add(Path target, Making making, Consumer<String> progress) throws InterruptedException {
        IN_PROCESS.lockInterruptibly();
        try {
            OwnFiles.makeDirectories(root);
            try (var file = OwnFiles.open(root.resolve(StoreListing.LOCK));
                    var _ = lock(file, progress)) {
                removeUnfinishedBuilds(progress);
                removeUnfinishedRemovals();
                if (!Files.exists(target)) {
                    make(target, making, progress);
                }
            }
        } catch (IOException e) {
            throw new ImageException(
                    "cannot make the image %s: %s"
                            .formatted(target, FullDisk.explained(e.toString(), root)),
                    e);
        } finally {
            IN_PROCESS.unlock();
        }
        return Image.open(target);
    }

    /// Only while no process builds.
    private void removeUnfinishedBuilds(Consumer<String> progress)
            throws IOException, InterruptedException {
        try (var left = Files.newDirectoryStream(root, StoreListing.BUILDING + "*")) {
            for (Path building : left) {
                remove(building, progress);
            }
        }
    }

    private static void remove(Path building, Consumer<String> progress)
            throws IOException, InterruptedException {
        Scratch.removeOf(building, progress);
        Trees.remove(building);
    }

    private void removeUnfinishedRemovals() throws IOException {
        try (var left = Files.newDirectoryStream(root, StoreListing.REMOVING + "*")) {
            for (Path removing : left) {
                Trees.remove(removing);
            }
        }
    }

    private FileLock lock(FileChannel file, Consumer<String> progress) throws IOException {
        var free = file.tryLock();
        if (free != null) {
            return free;
        }
        progress.accept("waiting for another airlock that makes an image in " + root);
        return file.lock();
    }

    private void make(Path target, Making making, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path building = Files.createTempDirectory(root, StoreListing.BUILDING);
        try {
            var facts = making.make(building, progress);
            Trees.remove(building.resolve(WORK));
            Scratch.removeOf(building, progress);
            seal(building, facts);
            OwnFiles.move(building, target);
        } catch (IOException | ImageException e) {
            throw explained(e, building);
        } finally {
            remove(building, progress);
        }
    }

    /// Makes the files read-only and durable, and writes the facts.
    private void seal(Path directory, Facts facts) throws IOException {
        Instant now = clock.instant();
        var hashes = new TreeMap<String, String>();
        for (String name : Image.booted(directory)) {
            Path file = directory.resolve(name);
            hashes.put(name, StoreFiles.sha256(file));
            OwnFiles.force(file);
            // whatever the umask: a VM runs as another user, which must read and never write them
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
        Path file = directory.resolve(Image.FACTS);
        Files.writeString(file, facts.sealed(hashes, now).json());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        OwnFiles.force(file);
        Files.setLastModifiedTime(directory, FileTime.from(now));
        OwnFiles.force(directory);
    }

    /// Killed programs cannot say that the disk was full, so this looks at the free space, too,
    /// before the unfinished files are removed.
    private ImageException explained(Exception fault, Path building) throws IOException {
        var places = Scratch.isUsedBy(building) ? List.of(root, Scratch.PLACE) : List.of(root);
        boolean isFull = FullDisk.isCauseOf(fault);
        for (Path place : places) {
            isFull |= Files.getFileStore(place).getUsableSpace() < LITTLE;
        }
        if (isFull) {
            return new ImageException(
                    "no image was made, and what there was of it is removed: "
                            + FullDisk.words(places.toArray(Path[]::new))
                            + "; `airlock image prune` removes images that nobody needs."
                            + " What failed: "
                            + fault.getMessage(),
                    fault);
        }
        return fault instanceof ImageException words
                ? words
                : new ImageException("cannot make the image: " + fault, fault);
    }

    /// The directory of the image of a recipe, whether it exists or not.
    public Path directory(Recipe recipe, Path guestProgram) {
        var key = WAY + "\n" + recipe.text() + StoreFiles.sha256(guestProgram);
        return directory(recipe.name(), Hash.sha256(key));
    }

    Path directory(String name, String hash) {
        return root.resolve(name + "-" + hash.substring(0, KEY_DIGITS));
    }

    /// Keeps the image from being removed until the result is closed or the process ends; empty if
    /// it is gone. Images outside the store are the operator's and are never removed.
    ///
    /// @param who uses it, for people
    public Optional<ImageUse> use(Image image, String who) {
        Path directory = image.directory();
        try {
            return marks.guarded(
                    () -> {
                        if (!Files.isDirectory(directory)) {
                            return Optional.empty();
                        }
                        if (root.equals(directory.getParent())) {
                            Files.setLastModifiedTime(directory, FileTime.from(clock.instant()));
                        }
                        return Optional.of(marks.mark(name(image), who));
                    });
        } catch (IOException e) {
            throw new ImageException("cannot mark the image " + directory + " as used: " + e, e);
        }
    }

    /// The users of an image, for people.
    public List<String> users(String name) {
        try {
            return Files.isDirectory(root) ? marks.guarded(() -> marks.users(name)) : List.of();
        } catch (IOException e) {
            throw new ImageException("cannot tell who uses the image " + name + ": " + e, e);
        }
    }

    /// Removes an image unless it is in use.
    public Removal remove(String name) {
        if (!StoreListing.isName(name)) {
            return new Removal.Gone();
        }
        Path directory = root.resolve(name);
        Path removing = root.resolve(StoreListing.REMOVING + UUID.randomUUID());
        try {
            var removal = marks.guarded(() -> aside(directory, removing));
            removeUnfinishedRemovals();
            return removal;
        } catch (IOException e) {
            throw new ImageException("cannot remove the image " + directory + ": " + e, e);
        }
    }

    /// The rename is the point after which the image is gone.
    private Removal aside(Path directory, Path removing) throws IOException {
        if (!Files.isDirectory(directory)) {
            return new Removal.Gone();
        }
        var users = marks.users(String.valueOf(directory.getFileName()));
        if (!users.isEmpty()) {
            return new Removal.InUse(users);
        }
        long bytes = StoreFiles.bytes(directory);
        OwnFiles.move(directory, removing);
        return new Removal.Removed(bytes);
    }

    /// Removes unfinished builds and removals, and unused images last used at or before `before`.
    ///
    /// @param keep names of images that stay
    /// @return the names of the removed images
    public List<String> prune(Set<String> keep, Instant before, Consumer<String> progress)
            throws InterruptedException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        sweep(progress);
        var gone = new ArrayList<String>();
        for (Stored stored : listing().all()) {
            if (!stored.used().isAfter(before)
                    && !keep.contains(stored.name())
                    && remove(stored.name()) instanceof Removal.Removed) {
                gone.add(stored.name());
            }
        }
        return gone;
    }

    private void sweep(Consumer<String> progress) throws InterruptedException {
        if (!IN_PROCESS.tryLock()) {
            return;
        }
        try (var file = OwnFiles.open(root.resolve(StoreListing.LOCK))) {
            removeUnfinishedRemovals();
            if (file.tryLock() != null) {
                removeUnfinishedBuilds(progress);
            }
        } catch (IOException e) {
            throw new ImageException("cannot tidy " + root + ": " + e, e);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private static String name(Image image) {
        return String.valueOf(image.directory().getFileName());
    }

    /// The outcome of a removal.
    public sealed interface Removal {
        /// The image is gone.
        ///
        /// @param bytes freed
        record Removed(long bytes) implements Removal {}

        /// The image stays, since it is in use.
        ///
        /// @param users at least one, for people
        record InUse(List<String> users) implements Removal {
            public InUse {
                users = List.copyOf(users);
            }
        }

        /// The image does not exist, or another process removed it.
        record Gone() implements Removal {}
    }

    /// Keeps an image from being removed while it is open.
    public static final class ImageUse implements AutoCloseable {
        private final Path mark;
        private final FileChannel locked;

        ImageUse(Path mark, FileChannel locked) {
            this.mark = mark;
            this.locked = locked;
        }

        @Override
        public void close() {
            try (locked) {
                Files.deleteIfExists(mark);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove the mark " + mark + ": " + e, e);
            }
        }
    }
}
