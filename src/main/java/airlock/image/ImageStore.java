package airlock.image;

import airlock.base.FullDisk;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.base.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Keeps images, a directory each, named after what they were made of: recipe, guest program and
/// this class's way of making them. An image appears whole or not at all, whenever its process is
/// killed, and stays while somebody uses it. Any number of processes may use the directory.
public final class ImageStore {
    /// Raised when images are made in another way.
    private static final int WAY = 1;

    private static final int KEY_DIGITS = 16;

    /// The kernel's lock counts for the whole process.
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path root;
    private final InstantSource clock;
    private final UseMarks marks;
    private final Leftovers leftovers;

    /// @param root the directory of all images
    /// @param clock tells when an image is made and used
    public ImageStore(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
        this.marks = new UseMarks(root.resolve(Shelf.USES));
        this.leftovers = new Leftovers(root);
    }

    /// All that lies here.
    public Shelf shelf() {
        return new Shelf(root);
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
        return add(
                directory(recipe, guestProgram),
                (directory, heard) ->
                        new ImageBuilder(directory, heard).build(recipe, guestProgram),
                progress);
    }

    /// The image with this guest program: the same one, or one of the same disk and kernel, made
    /// where it is missing.
    public Image current(Image image, Path guestProgram, Consumer<String> progress)
            throws InterruptedException {
        var facts = image.facts();
        String guest = Hashes.of(guestProgram);
        if (facts.guest().equals(guest)) {
            return image;
        }
        Path target = directory(facts.name(), Hashes.ofLines("guest", facts.hash(), guest));
        return add(target, new Renewal(image, guestProgram), progress);
    }

    /// The image in `target`, made if it is not there yet.
    Image add(Path target, Making making, Consumer<String> progress) throws InterruptedException {
        IN_PROCESS.lockInterruptibly();
        try {
            OwnFiles.makeDirectories(root);
            try (var file = OwnFiles.open(root.resolve(Shelf.LOCK));
                    var _ = lock(file, progress)) {
                leftovers.ofBuilds(progress);
                leftovers.ofRemovals();
                if (!Files.exists(target)) {
                    make(target, making, progress);
                }
            }
        } catch (IOException e) {
            throw new ImageException(
                    "cannot make the image "
                            + target
                            + ": "
                            + FullDisk.explained(e.toString(), root),
                    e);
        } finally {
            IN_PROCESS.unlock();
        }
        return Image.open(target);
    }

    /// One process at a time makes images; the lock goes with the process.
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
        Path building = Files.createTempDirectory(root, Leftovers.BUILDING);
        try {
            var facts = making.make(building, progress);
            Trees.remove(building.resolve(Making.WORK));
            Scratch.removeOf(building, progress);
            Seal.close(building, facts, clock.instant());
            OwnFiles.move(building, target);
        } catch (IOException | ImageException e) {
            throw explained(e, building);
        } finally {
            Scratch.removeOf(building, progress);
            Trees.remove(building);
        }
    }

    /// A killed program can't say that the disk was full, so its room is looked at, too, before
    /// what was made so far goes.
    private ImageException explained(Exception fault, Path building) throws IOException {
        var places = Scratch.isUsedBy(building) ? List.of(root, Scratch.PLACE) : List.of(root);
        boolean isFull = FullDisk.isCauseOf(fault);
        for (Path place : places) {
            isFull |= StoreFiles.isFull(place);
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

    /// Where the image of a recipe is, or will be.
    public Path directory(Recipe recipe, Path guestProgram) {
        var key = WAY + "\n" + recipe.text() + Hashes.of(guestProgram);
        return directory(recipe.name(), Hash.sha256(key));
    }

    /// Where an image with that name and hash is, or will be.
    Path directory(String name, String hash) {
        return root.resolve(name + "-" + hash.substring(0, KEY_DIGITS));
    }

    /// Has the image stay until the answer is closed or the process ends; empty where it is gone.
    /// One that lies elsewhere is the operator's, and nobody here removes it.
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
                        return Optional.of(marks.mark(name(directory), who));
                    });
        } catch (IOException e) {
            throw new ImageException("cannot mark the image " + directory + " as used: " + e, e);
        }
    }

    /// Who uses what lies here under that name, for people.
    public List<String> users(String name) {
        try {
            return Files.isDirectory(root) ? marks.guarded(() -> marks.users(name)) : List.of();
        } catch (IOException e) {
            throw new ImageException("cannot tell who uses the image " + name + ": " + e, e);
        }
    }

    /// Removes what lies here under that name, unless somebody uses it.
    public Removal remove(String name) {
        if (!Shelf.isName(name)) {
            return new Removal.Gone();
        }
        Path directory = root.resolve(name);
        Path removing = root.resolve(Leftovers.REMOVING + UUID.randomUUID());
        try {
            var removal = marks.guarded(() -> aside(directory, removing));
            leftovers.ofRemovals();
            return removal;
        } catch (IOException e) {
            throw new ImageException("cannot remove the image " + directory + ": " + e, e);
        }
    }

    /// A name that no image has is the point after which it is gone.
    private Removal aside(Path directory, Path removing) throws IOException {
        if (!Files.isDirectory(directory)) {
            return new Removal.Gone();
        }
        var users = marks.users(name(directory));
        if (!users.isEmpty()) {
            return new Removal.InUse(users);
        }
        long bytes = StoreFiles.bytes(directory);
        OwnFiles.move(directory, removing);
        return new Removal.Removed(bytes);
    }

    /// Removes what nobody needs: what was left unfinished, and what nobody uses, is not to be
    /// kept and was last of use before then.
    ///
    /// @param keep names that stay
    /// @return the names of what went
    public List<String> prune(Set<String> keep, Instant before, Consumer<String> progress)
            throws InterruptedException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        sweep(progress);
        var gone = new ArrayList<String>();
        for (Stored stored : shelf().all()) {
            boolean old = !stored.used().isAfter(before);
            if (old
                    && !keep.contains(stored.name())
                    && remove(stored.name()) instanceof Removal.Removed) {
                gone.add(stored.name());
            }
        }
        return gone;
    }

    /// Leaves builds alone where one runs.
    private void sweep(Consumer<String> progress) throws InterruptedException {
        if (!IN_PROCESS.tryLock()) {
            return;
        }
        try (var file = OwnFiles.open(root.resolve(Shelf.LOCK))) {
            leftovers.ofRemovals();
            if (file.tryLock() != null) {
                leftovers.ofBuilds(progress);
            }
        } catch (IOException e) {
            throw new ImageException("cannot tidy " + root + ": " + e, e);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private static String name(Path directory) {
        return String.valueOf(directory.getFileName());
    }
}
