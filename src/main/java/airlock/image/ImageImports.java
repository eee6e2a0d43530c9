package airlock.image;

import airlock.base.FullDisk;
import airlock.base.Hash;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Takes into a store what others made: disks, container images, what a person left on a disk.
///
/// @param box around programs that read it
public record ImageImports(ImageStore store, Box box) {
    /// Whether the file is a disk that starts by its own boot loader.
    public static boolean isCloud(Path file) {
        return Import.isCloud(file);
    }

    /// Takes a file or a directory: a disk with a root file system and without partitions, raw or
    /// qcow2, or a container image that was saved.
    ///
    /// @param name of the image; none has it yet
    /// @param kernel the image whose kernel it starts with
    /// @param proof what says that it is the right one
    public Image file(
            Path source,
            String name,
            Image kernel,
            Path guestProgram,
            Proof proof,
            Consumer<String> progress)
            throws InterruptedException {
        requireName(name);
        if (kernel.isCloud()) {
            throw new ImageException(
                    kernel.directory().getFileName()
                            + " starts by its own boot loader and has no kernel for others;"
                            + " --kernel names an image of a recipe");
        }
        var become = new Import.Become(name, kernel, guestProgram);
        return take(name, Import.of(source, become, proof, box, progress), progress);
    }

    /// Takes a cloud image: a disk that starts by its own boot loader.
    ///
    /// @param name of the image; none has it yet
    /// @param firmware what the boot loader is for; empty for what the disk has
    public Image cloud(
            Path disk,
            String name,
            Optional<Firmware> firmware,
            Path guestProgram,
            Proof proof,
            Consumer<String> progress)
            throws InterruptedException {
        requireName(name);
        var wanted = new Import.Cloud(name, firmware, guestProgram);
        return take(name, Import.ofCloud(disk, wanted, proof, box, progress), progress);
    }

    /// Takes a container image of a registry; what it is called there is asked once.
    ///
    /// @param name of the image; none has it yet
    /// @param kernel the image whose kernel it starts with
    public Image pull(
            Pull pull, String name, Image kernel, Path guestProgram, Consumer<String> progress)
            throws InterruptedException {
        requireName(name);
        try {
            var become = new Import.Become(name, kernel, guestProgram);
            return take(name, OciPull.resolved(pull, become, box, progress), progress);
        } catch (IOException e) {
            throw new ImageException(
                    FullDisk.explained(
                            "cannot fetch " + pull.reference() + ": " + e,
                            Path.of(System.getProperty("java.io.tmpdir"))),
                    e);
        }
    }

    /// Makes another image of what a person wrote to the disk of one; see [KeptDisk].
    ///
    /// @param name of the new image; none has it yet
    /// @param overlay puts what was written, an overlay on the parent's disk, into a file
    /// @param commands what the person typed
    public Image keep(
            Image parent,
            String name,
            Consumer<Path> overlay,
            List<String> commands,
            Consumer<String> progress)
            throws InterruptedException {
        checkFree(name);
        String key = Hash.sha256(UUID.randomUUID().toString());
        return store.add(
                store.directory(name, key),
                new KeptDisk(parent, name, overlay, commands, box),
                progress);
    }

    /// Fails where no new image can have that name.
    public void checkFree(String name) {
        requireName(name);
        if (store.shelf().find(name).isPresent()) {
            throw taken(name);
        }
    }

    /// Nobody else's name is taken.
    private Image take(String name, Import taken, Consumer<String> progress)
            throws InterruptedException {
        Path target = store.directory(name, taken.key());
        if (!Files.exists(target) && store.shelf().find(name).isPresent()) {
            throw taken(name);
        }
        return store.add(target, taken.making(), progress);
    }

    private static void requireName(String name) {
        if (!Recipe.isName(name)) {
            throw new ImageException("'" + name + "' can't be the name of an image");
        }
    }

    private static ImageException taken(String name) {
        return new ImageException(
                "there is an image " + name + " already; `airlock image remove` takes it away");
    }
}
