package airlock.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Takes a disk of somebody else's into the store: a root file system on the bare disk, raw or
/// qcow2, that starts with the kernel and the initramfs of an image that is there (H2).
final class DiskImport implements Making {
    private static final int PIECE = 1 << 16;
    private static final byte[] NOTHING = new byte[PIECE];
    private static final byte[] QCOW2 = {'Q', 'F', 'I', (byte) 0xfb};

    private final Path source;
    private final String name;
    private final Image kernel;
    private final Path guestProgram;
    private final String sum;
    private final String from;

    /// @param source a file
    /// @param name of the image that it becomes
    /// @param kernel the image whose kernel it starts with
    /// @param sum sha256 of the source, as it was read before
    /// @param from where it came from, for people
    DiskImport(Path source, String name, Image kernel, Path guestProgram, String sum, String from) {
        this.source = source;
        this.name = name;
        this.kernel = kernel;
        this.guestProgram = guestProgram;
        this.sum = sum;
        this.from = from;
    }

    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(WORK));
        Path copy = work.resolve("copy");
        String found = copied(copy, progress);
        if (!found.equals(sum)) {
            throw new ImageException(source + " changed while it was read");
        }
        Path disk = directory.resolve(Image.DISK);
        if (isQcow2(copy)) {
            DiskCheck.check(copy);
            Files.move(copy, disk);
        } else {
            progress.accept("making a qcow2 disk of the raw one");
            new SystemDisk(work).raw(copy, disk);
        }
        DiskStart.check(disk);
        var boot = kernel.boot();
        Files.copy(boot.kernel(), directory.resolve(Image.KERNEL));
        Initramfs.renew(boot.initramfs(), guestProgram, directory.resolve(Image.INITRAMFS));
        return facts();
    }

    private Facts facts() {
        return new Facts(
                name,
                "",
                List.of(),
                Collections.emptySortedMap(),
                Optional.empty(),
                from,
                "",
                String.valueOf(kernel.directory().getFileName()),
                Hashes.of(guestProgram),
                List.of(),
                Collections.emptySortedMap(),
                "root",
                "/bin/bash",
                Container.NONE);
    }

    /// Copies without the zeros, so that a sparse disk stays one, and takes the sum of all.
    private String copied(Path copy, Consumer<String> progress) throws IOException {
        var digest = Hashes.sha256();
        var pace = Pace.of(source, "copying " + source.getFileName(), progress);
        var piece = ByteBuffer.allocate(PIECE);
        try (var from = FileChannel.open(source, StandardOpenOption.READ);
                var to =
                        FileChannel.open(
                                copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long place = 0;
            while (from.read(piece) >= 0) {
                int length = piece.flip().limit();
                digest.update(piece.duplicate());
                if (!isZero(piece)) {
                    while (piece.hasRemaining()) {
                        to.write(piece, place + piece.position());
                    }
                }
                place += length;
                pace.add(length);
                piece.clear();
            }
            if (place > 0 && to.size() < place) {
                to.write(ByteBuffer.allocate(1), place - 1);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static boolean isZero(ByteBuffer piece) {
        return piece.mismatch(ByteBuffer.wrap(NOTHING, 0, piece.remaining())) < 0;
    }

    private static boolean isQcow2(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(QCOW2.length), QCOW2);
        }
    }
}
