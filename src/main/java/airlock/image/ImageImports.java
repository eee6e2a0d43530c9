package airlock.image;

import airlock.base.FullDisk;
import airlock.base.Hash;
import airlock.image.OciPull.Reference;
import airlock.sandbox.Sandbox;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Makes images of disks and container images from elsewhere, and of disks that people changed.
///
/// @param box runs the programs that read them
public record ImageImports(ImageStore store, Sandbox box) {
    /// Raised when container images are converted differently.
    private static final String CONTAINER = "container 2";

    private static final String TAR_MAGIC = "ustar";
    private static final int TAR_MAGIC_AT = 257;

    /// Whether the file is a disk with partitions, which starts by its own boot loader.
    public static boolean isCloud(Path file) {
        return Files.isRegularFile(file)
                && !isArchive(file)
                && DiskStart.kind(file) instanceof DiskStart.Partitions;
    }

    /// Imports a disk that is one root file system, raw or qcow2, or a saved container image, as an
    /// archive or a directory.
    ///
    /// @param name must be unused
    /// @param kernel the image whose kernel it boots
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
        var image = new NewImage(name, kernel, guestProgram);
        if (Files.isDirectory(source)) {
            return layout(source, image, proof, progress);
        }
        String sum = sum(source, progress);
        String from = from(source, sum, proof, progress);
        if (isArchive(source)) {
            return take(
                    name,
                    image.key(CONTAINER, sum),
                    new OciImport(source, image, from, box)::make,
                    progress);
        }
        var disk = new DiskImport(source, sum, from, box);
        return take(
                name,
                image.key("disk", sum),
                (directory, heard) -> disk.withKernelOf(image, directory, heard),
                progress);
    }

    /// The index names everything else by digest, so its hash stands for the whole directory.
    private Image layout(Path source, NewImage image, Proof proof, Consumer<String> progress)
            throws InterruptedException {
        if (proof.sums().isPresent()) {
            throw new ImageException(source + " is a directory, which --sums cannot check");
        }
        Path index = source.resolve("index.json");
        if (!Files.isRegularFile(index)) {
            throw new ImageException(
                    source + " holds no container image: index.json (OCI) is not there");
        }
        String from = "the directory " + source.getFileName();
        return take(
                image.name(),
                image.key(CONTAINER, StoreFiles.sha256(index)),
                new OciImport(source, image, from, box)::make,
                progress);
    }

    /// Imports a cloud image: a disk that starts by its own boot loader.
    ///
    /// @param name must be unused
    /// @param firmware for the boot loader; empty to detect it
    public Image cloud(
            Path disk,
            String name,
            Optional<Firmware> firmware,
            Path guestProgram,
            Proof proof,
            Consumer<String> progress)
            throws InterruptedException {
        requireName(name);
        String sum = sum(disk, progress);
        var source = new DiskImport(disk, sum, from(disk, sum, proof, progress), box);
        String key =
                String.join(
                        "\n",
                        "cloud",
                        sum,
                        firmware.map(Firmware::name).orElse(""),
                        StoreFiles.sha256(guestProgram) + "\n");
        return take(
                name,
                Hash.sha256(key),
                (directory, heard) ->
                        source.withOwnLoader(name, firmware, guestProgram, directory, heard),
                progress);
    }

    /// Imports a container image from a registry, whose tag is resolved once.
    ///
    /// @param name must be unused
    /// @param kernel the image whose kernel it boots
    public Image pull(
            Pull pull, String name, Image kernel, Path guestProgram, Consumer<String> progress)
            throws InterruptedException {
        requireName(name);
        var image = new NewImage(name, kernel, guestProgram);
        try {
            var resolved = OciPull.resolved(pull, image, box, progress);
            return take(name, image.key(CONTAINER, resolved.digest()), resolved::make, progress);
        } catch (IOException e) {
            throw new ImageException(
                    FullDisk.explained(
                            "cannot fetch " + pull.reference() + ": " + e,
                            Path.of(System.getProperty("java.io.tmpdir"))),
                    e);
        }
    }

    /// Makes a new image of the disk that a person changed in a VM; see [KeptDisk].
    ///
    /// @param name must be unused
    /// @param overlay writes the changes, a qcow2 overlay on the parent's disk, to a file
    /// @param commands that the person typed
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
                new KeptDisk(parent, name, overlay, commands, box)::make,
                progress);
    }

    /// Throws unless a new image can have that name.
    public void checkFree(String name) {
        requireName(name);
        if (store.listing().find(name).isPresent()) {
            throw taken(name);
        }
    }

    private Image take(String name, String key, ImageStore.Making making, Consumer<String> progress)
            throws InterruptedException {
        Path target = store.directory(name, key);
        if (!Files.exists(target) && store.listing().find(name).isPresent()) {
            throw taken(name);
        }
        return store.add(target, making, progress);
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

    private static String sum(Path source, Consumer<String> progress) {
        if (!Files.isRegularFile(source)) {
            throw new ImageException("there is no file " + source);
        }
        return StoreFiles.hash(source, Hash.sha256(), "reading " + source.getFileName(), progress);
    }

    private String from(Path source, String sum, Proof proof, Consumer<String> progress)
            throws InterruptedException {
        String name = String.valueOf(source.getFileName());
        String proven = proof.check(source, name, box, progress);
        return "the file " + name + ", sha256 " + sum + proven;
    }

    /// Whether a file begins like a tar archive, plain or compressed.
    private static boolean isArchive(Path source) {
        try (var in = Files.newInputStream(source)) {
            byte[] start = in.readNBytes(TAR_MAGIC_AT + TAR_MAGIC.length());
            boolean gzip = start.length > 1 && start[0] == 0x1f && start[1] == (byte) 0x8b;
            String text = new String(start, StandardCharsets.ISO_8859_1);
            return gzip || text.startsWith(TAR_MAGIC, TAR_MAGIC_AT);
        } catch (IOException e) {
            throw new ImageException("cannot read " + source + ": " + e, e);
        }
    }

    /// An image to be made of a root file system, with the kernel and modules of another image.
    ///
    /// @param kernel the other image
    record NewImage(String name, Image kernel, Path guestProgram) {
        void writeBootFiles(Path directory) throws IOException {
            var boot = kernel.boot();
            Files.copy(boot.kernel(), directory.resolve(Image.KERNEL));
            Initramfs.renew(boot.initramfs(), guestProgram, directory.resolve(Image.INITRAMFS));
        }

        Facts facts(String from, Facts.Software software, Emulation emulation) {
            String parent = String.valueOf(kernel.directory().getFileName());
            return new Facts(
                    name,
                    Facts.Origin.imported(from, parent),
                    software,
                    StoreFiles.sha256(guestProgram),
                    Optional.empty(),
                    emulation);
        }

        /// The key of an image that is made from a source with this sum.
        String key(String kind, String sum) {
            String guest = StoreFiles.sha256(guestProgram);
            return Hash.sha256(String.join("\n", kind, sum, kernel.facts().hash(), guest) + "\n");
        }
    }

    /// An order to fetch a container image from a registry.
    ///
    /// @param reference as a person writes it
    /// @param credentials a file that `skopeo login --authfile` wrote
    /// @param insecure allows plain HTTP, for registries on this machine only
    public record Pull(String reference, Optional<Path> credentials, boolean insecure) {
        /// @throws ImageException if the reference is invalid or a remote registry is to be
        ///     insecure
        Reference parsed() {
            var parsed = Reference.parse(reference);
            if (insecure && !parsed.isLoopback()) {
                throw new ImageException(
                        "--insecure is for a registry on this machine, and %s is another; leave it out"
                                .formatted(parsed.host()));
            }
            return parsed;
        }
    }
}
