package airlock.image;

import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Something of somebody else's that is taken into a store.
///
/// @param key what the image's key begins with
record Import(Making making, String key) {
    /// Raised when container images become others.
    static final String CONTAINER = "container 2";

    private static final String TAR_MAGIC = "ustar";
    private static final int TAR_MAGIC_AT = 257;

    /// What something becomes that starts with another image's kernel.
    ///
    /// @param name of the image
    /// @param kernel the image whose kernel it starts with
    record Become(String name, Image kernel, Path guestProgram) {}

    /// What a disk becomes that starts by its own boot loader.
    ///
    /// @param name of the image
    /// @param firmware empty for what the disk has
    record Cloud(String name, Optional<Firmware> firmware, Path guestProgram) {}

    /// Reads it once and compares it with the sums.
    ///
    /// @param source a disk, or a container image: a directory or an archive
    /// @param proof what says that it is the right one
    /// @param box around programs that read it
    /// @param progress hears how far it is
    static Import of(Path source, Become become, Proof proof, Box box, Consumer<String> progress)
            throws InterruptedException {
        String own = String.valueOf(source.getFileName());
        if (Files.isDirectory(source)) {
            return ofLayout(source, own, become, proof, box);
        }
        String sum = sum(source, own, progress);
        String from = from(own, sum, proof.check(source, own, box, progress));
        if (isArchive(source)) {
            return new Import(
                    new OciImport(source, become, from, box), key(CONTAINER, sum, become));
        }
        return new Import(
                new DiskImport(new DiskCopy(source, sum, box), become, from),
                key("disk", sum, become));
    }

    /// The same of a disk that starts by its own boot loader.
    static Import ofCloud(
            Path source, Cloud become, Proof proof, Box box, Consumer<String> progress)
            throws InterruptedException {
        String own = String.valueOf(source.getFileName());
        String sum = sum(source, own, progress);
        String from = from(own, sum, proof.check(source, own, box, progress));
        return new Import(
                new CloudImport(new DiskCopy(source, sum, box), become, from),
                key(
                        "cloud",
                        sum,
                        become.firmware().map(Firmware::name).orElse(""),
                        Hashes.of(become.guestProgram())));
    }

    /// Whether it is a disk with partitions, which starts by itself.
    static boolean isCloud(Path source) {
        return Files.isRegularFile(source)
                && !isArchive(source)
                && DiskStart.kind(source) instanceof DiskKind.Partitions;
    }

    private static String sum(Path source, String own, Consumer<String> progress) {
        if (!Files.isRegularFile(source)) {
            throw new ImageException("there is no file " + source);
        }
        return Hashes.of(source, Pace.of(source, "reading " + own, progress));
    }

    private static String from(String own, String sum, String said) {
        return "the file " + own + ", sha256 " + sum + said;
    }

    /// The index names all the rest by its content.
    private static Import ofLayout(Path source, String own, Become become, Proof proof, Box box) {
        if (proof.sums().isPresent()) {
            throw new ImageException(source + " is a directory, of which there is no sum");
        }
        Path index = source.resolve("index.json");
        if (!Files.isRegularFile(index)) {
            throw new ImageException(
                    source + " holds no container image: index.json (OCI) is not there");
        }
        return new Import(
                new OciImport(source, become, "the directory " + own, box),
                key(CONTAINER, Hashes.of(index), become));
    }

    /// Whether it begins as a tar archive, plain or compressed, and not as a disk.
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

    static String key(String kind, String sum, Become become) {
        return key(kind, sum, become.kernel().facts().hash(), Hashes.of(become.guestProgram()));
    }

    private static String key(String... parts) {
        return Hashes.ofLines(parts);
    }
}
