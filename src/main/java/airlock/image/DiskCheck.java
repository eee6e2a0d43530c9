package airlock.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Refuses a system disk that leads elsewhere (H2): one with a backing file, a data file,
/// encryption or features that are not known here. Reads the header itself, so that nothing
/// interprets the disk outside a box. Source of the layout: QEMU's docs/interop/qcow2.txt.
final class DiskCheck {
    private static final int MAGIC = 0x514649fb;
    private static final int HEADER = 104;

    /// Bits of "incompatible features" that are harmless: dirty, corrupt are not, compression
    /// type and extended L2 entries are.
    private static final long HARMLESS = 1L << 3 | 1L << 4;

    private DiskCheck() {}

    static void check(Path disk) {
        var header = ByteBuffer.allocate(HEADER);
        try (var channel = FileChannel.open(disk, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {}
        } catch (IOException e) {
            throw new ImageException("cannot read the disk " + disk, e);
        }
        if (header.hasRemaining() || header.getInt(0) != MAGIC || header.getInt(4) != 3) {
            throw new ImageException(
                    "the disk "
                            + disk
                            + " is no qcow2 version 3; convert it: qemu-img convert -f FORMAT -O qcow2");
        }
        require(header.getLong(8) == 0 && header.getInt(16) == 0, disk, "has a backing file");
        require(header.getInt(32) == 0, disk, "is encrypted");
        require(header.getInt(60) == 0, disk, "has internal snapshots");
        require(
                (header.getLong(72) & ~HARMLESS) == 0,
                disk,
                "has a data file, is damaged, or has unknown features");
    }

    private static void require(boolean holds, Path disk, String otherwise) {
        if (!holds) {
            throw new ImageException("the disk " + disk + " is not taken: it " + otherwise);
        }
    }
}
