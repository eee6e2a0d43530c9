package airlock.image;

import airlock.base.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/// Takes a disk of somebody else's, raw or qcow2, as an image's own (H2). What is checked is the
/// copy, which nobody else can change any more.
///
/// @param source a file
/// @param sum its sha256, as it was read before
/// @param box around the program that makes a qcow2 disk of a raw one
record DiskCopy(Path source, String sum, Box box) {
    private static final int PIECE = 1 << 16;
    private static final byte[] NOTHING = new byte[PIECE];

    /// Makes the image's disk.
    ///
    /// @param directory of the image
    /// @return what it begins with
    DiskKind into(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(Making.WORK));
        var made = SystemDisk.in(work, box);
        Path copy = made.home().resolve("copy");
        String found = copied(copy, progress);
        if (!found.equals(sum)) {
            throw new ImageException(source + " changed while it was read");
        }
        Path disk = directory.resolve(Image.DISK);
        if (DiskStart.isQcow2(copy)) {
            DiskCheck.check(copy);
            Files.move(copy, disk);
        } else {
            progress.accept("making a qcow2 disk of the raw one");
            made.raw(copy, disk);
        }
        return DiskStart.kind(disk);
    }

    /// Copies without the zeros, so that a sparse disk stays one, and takes the sum of all.
    private String copied(Path copy, Consumer<String> progress) throws IOException {
        var hash = Hash.sha256();
        var pace = Pace.of(source, "copying " + source.getFileName(), progress);
        var piece = ByteBuffer.allocate(PIECE);
        try (var from = FileChannel.open(source, StandardOpenOption.READ);
                var to =
                        FileChannel.open(
                                copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long place = 0;
            while (from.read(piece) >= 0) {
                int length = piece.flip().limit();
                hash.add(piece.duplicate());
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
        return hash.hex();
    }

    private static boolean isZero(ByteBuffer piece) {
        return piece.mismatch(ByteBuffer.wrap(NOTHING, 0, piece.remaining())) < 0;
    }
}
