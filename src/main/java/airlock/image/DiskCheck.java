package airlock.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Refuses qcow2 disks that refer to other files (H2) by a backing file or data file, that are
/// encrypted or have unknown features, and those with impossible tables. Reads the header itself,
/// so that nothing interprets the disk outside a sandbox (QEMU's docs/interop/qcow2.txt).
final class DiskCheck {
    private static final int MAGIC = 0x514649fb;
    private static final int HEADER = 104;
    private static final int OLD_VERSION = 2; // has no feature bits and a header of 72 bytes
    private static final int VERSION = 3;

    /// Incompatible features that we accept: compression type and extended L2 entries.
    private static final long HARMLESS = 1L << 3 | 1L << 4;

    /// The compatible feature that we accept: lazy refcounts.
    private static final long COMPATIBLE = 1;
    private static final int LEAST_CLUSTER_BITS = 9; // QEMU's own limits
    private static final int MOST_CLUSTER_BITS = 21;
    private static final long MOST_TABLE_BYTES = 32 << 20;
    private static final long LARGEST = 1L << 46; // 64 TiB

    private final Path disk;
    private final ByteBuffer header;
    private final long length;

    private DiskCheck(Path disk, ByteBuffer header, long length) {
        this.disk = disk;
        this.header = header;
        this.length = length;
    }

    static void check(Path disk) {
        var header = ByteBuffer.allocate(HEADER);
        try (var channel = FileChannel.open(disk, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {}
            new DiskCheck(disk, header, channel.size()).check();
        } catch (IOException e) {
            throw new ImageException("cannot read the disk " + disk, e);
        }
    }

    private void check() {
        int version = header.hasRemaining() || header.getInt(0) != MAGIC ? 0 : header.getInt(4);
        if (version != VERSION && version != OLD_VERSION) {
            throw new ImageException(
                    ("the disk %s is not a qcow2 disk of version 2 or 3; convert it: qemu-img"
                                    + " convert -f FORMAT -O qcow2")
                            .formatted(disk));
        }
        require(header.getLong(8) == 0 && header.getInt(16) == 0, "has a backing file");
        require(header.getInt(32) == 0, "is encrypted");
        require(header.getInt(60) == 0, "has internal snapshots");
        int clusterBits = header.getInt(20);
        require(
                clusterBits >= LEAST_CLUSTER_BITS && clusterBits <= MOST_CLUSTER_BITS,
                "has clusters of 2^" + clusterBits + " bytes");
        long size = header.getLong(24);
        require(size > 0 && size <= LARGEST, "says that it holds " + size + " bytes");
        if (version == VERSION) {
            checkFeatures(1L << clusterBits);
        }
        long cluster = 1L << clusterBits;
        table(header.getLong(40), Integer.toUnsignedLong(header.getInt(36)), 8, cluster);
        table(header.getLong(48), Integer.toUnsignedLong(header.getInt(56)), cluster, cluster);
    }

    private void checkFeatures(long cluster) {
        require(
                (header.getLong(72) & ~HARMLESS) == 0
                        && (header.getLong(80) & ~COMPATIBLE) == 0
                        && header.getLong(88) == 0,
                "has a data file or bitmaps, is damaged, or has unknown features");
        long headerBytes = Integer.toUnsignedLong(header.getInt(100));
        require(
                headerBytes >= HEADER && headerBytes <= cluster && headerBytes % 8 == 0,
                "has a header of " + headerBytes + " bytes");
    }

    /// Requires a table to start at a cluster after the header and to end in the file.
    private void table(long offset, long entries, long entryBytes, long cluster) {
        long bytes = entries * entryBytes;
        require(
                offset >= cluster
                        && offset % cluster == 0
                        && bytes > 0
                        && bytes <= MOST_TABLE_BYTES
                        && offset <= length - bytes,
                "is cut off or has a table in an impossible place");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ImageException("the disk " + disk + " is not taken: it " + otherwise);
        }
    }
}
