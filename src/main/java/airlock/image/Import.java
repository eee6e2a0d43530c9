package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
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

    /// Reads it once and compares it with the sums.
    ///
    /// @param source a disk, or a container image: a directory or an archive
    /// @param name of the image that it becomes
    /// @param kernel the image whose kernel it starts with
    /// @param sums a file of sums in which the source's name stands
    /// @param progress hears how far it is
    static Import of(
            Path source,
            String name,
            Image kernel,
            Path guestProgram,
            Optional<Path> sums,
            Consumer<String> progress) {
        String own = String.valueOf(source.getFileName());
        if (Files.isDirectory(source)) {
            return ofLayout(source, own, name, kernel, guestProgram, sums);
        }
        if (!Files.isRegularFile(source)) {
            throw new ImageException("there is no file " + source);
        }
        sums.ifPresent(file -> check(source, own, file, progress));
        String sum = Hashes.of(source, Pace.of(source, "reading " + own, progress));
        String from =
                "the file "
                        + own
                        + ", sha256 "
                        + sum
                        + sums.map(file -> ", as " + file.getFileName() + " says").orElse("");
        if (isArchive(source)) {
            return new Import(
                    new OciImport(source, name, kernel, guestProgram, from),
                    key(CONTAINER, sum, kernel, guestProgram));
        }
        return new Import(
                new DiskImport(source, name, kernel, guestProgram, sum, from),
                key("disk", sum, kernel, guestProgram));
    }

    /// The index names all the rest by its content.
    private static Import ofLayout(
            Path source,
            String own,
            String name,
            Image kernel,
            Path guestProgram,
            Optional<Path> sums) {
        if (sums.isPresent()) {
            throw new ImageException(source + " is a directory, of which there is no sum");
        }
        Path index = source.resolve("index.json");
        if (!Files.isRegularFile(index)) {
            throw new ImageException(
                    source + " holds no container image: index.json (OCI) is not there");
        }
        return new Import(
                new OciImport(source, name, kernel, guestProgram, "the directory " + own),
                key(CONTAINER, Hashes.of(index), kernel, guestProgram));
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

    private static void check(Path source, String own, Path sums, Consumer<String> progress) {
        var expected = Sums.of(sums, own);
        var digest = Hashes.named(expected.algorithm());
        String found = Hashes.of(source, digest, Pace.of(source, "checking " + own, progress));
        if (!found.equals(expected.sum())) {
            throw new ImageException(
                    "%s has the sum %s, not %s as %s says"
                            .formatted(source, found, expected.sum(), sums));
        }
    }

    static String key(String kind, String sum, Image kernel, Path guestProgram) {
        var digest = Hashes.sha256();
        for (String part : List.of(kind, sum, kernel.facts().hash(), Hashes.of(guestProgram))) {
            digest.update((part + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
