package airlock.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Looks at the first bytes of what a qcow2 disk holds, which say whether Airlock can start from
/// it: a file system, or partitions with a boot loader. Only what is needed of the format is read
/// (QEMU's docs/interop/qcow2.txt); the header passed [DiskCheck] before.
final class DiskStart {
    private static final int WANTED = 2048;
    private static final int LEAST_CLUSTER_BITS = 12;
    private static final int MOST_COMPRESSED = 1 << 22;
    private static final int COMPRESSION_TYPE = 104;

    /// Bits 9 to 55 of an entry.
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;

    /// Of ext2 to ext4, in the superblock at byte 1024 (Linux's Documentation/filesystems/ext4).
    private static final int EXT_MAGIC_AT = 1024 + 56;

    private static final int EXT_MAGIC = 0xef53;
    private static final int BOOT_MAGIC_AT = 510;
    private static final int BOOT_MAGIC = 0xaa55;

    private final Path disk;
    private final FileChannel channel;

    private DiskStart(Path disk, FileChannel channel) {
        this.disk = disk;
        this.channel = channel;
    }

    /// Refuses a disk that does not begin with an ext4 file system.
    static void check(Path disk) {
        try (var channel = FileChannel.open(disk, StandardOpenOption.READ)) {
            new DiskStart(disk, channel).check();
        } catch (IOException e) {
            throw new ImageException("cannot read the disk " + disk, e);
        }
    }

    private void check() throws IOException {
        var start = start().order(ByteOrder.LITTLE_ENDIAN);
        if (Short.toUnsignedInt(start.getShort(EXT_MAGIC_AT)) == EXT_MAGIC) {
            return;
        }
        if (Short.toUnsignedInt(start.getShort(BOOT_MAGIC_AT)) == BOOT_MAGIC) {
            throw refused(
                    "has partitions and a boot loader, which Airlock does not start; take the root"
                            + " file system out of it, or build the image from a recipe");
        }
        throw refused("does not begin with an ext4 file system");
    }

    private ByteBuffer start() throws IOException {
        var header = at(0, COMPRESSION_TYPE + 8);
        int clusterBits = header.getInt(20);
        if (clusterBits < LEAST_CLUSTER_BITS) {
            throw refused("has clusters of less than 4 KiB");
        }
        long second = at(header.getLong(40), Long.BYTES).getLong(0) & OFFSET;
        if (second == 0) {
            return ByteBuffer.allocate(WANTED);
        }
        long entry = at(second, Long.BYTES).getLong(0);
        if ((entry & COMPRESSED) != 0) {
            boolean zstd =
                    header.getInt(100) > COMPRESSION_TYPE && header.get(COMPRESSION_TYPE) != 0;
            return compressed(entry, clusterBits, zstd);
        }
        boolean zero = (entry & ZERO) != 0 || (entry & OFFSET) == 0;
        return zero ? ByteBuffer.allocate(WANTED) : at(entry & OFFSET, WANTED);
    }

    /// A compressed cluster has its place in the lower bits of the entry and its length in sectors
    /// above them.
    private ByteBuffer compressed(long entry, int clusterBits, boolean zstd) throws IOException {
        if (zstd) {
            throw refused("is compressed by zstd; convert it: qemu-img convert -f qcow2 -O qcow2");
        }
        int split = 62 - (clusterBits - 8);
        long place = entry & ((1L << split) - 1);
        long sectors = ((entry & (COMPRESSED - 1)) >>> split) + 1;
        int length = (int) Math.min(MOST_COMPRESSED, sectors * 512 - place % 512);
        byte[] packed = new byte[(int) Math.min(length, Math.max(0, channel.size() - place))];
        channel.read(ByteBuffer.wrap(packed), place);
        var start = ByteBuffer.allocate(WANTED);
        try (var inflater = new Inflater(true)) {
            inflater.setInput(packed);
            while (start.hasRemaining() && inflater.inflate(start) > 0) {}
        } catch (DataFormatException e) {
            throw new ImageException("the disk " + disk + " is not taken: it is damaged", e);
        }
        if (start.hasRemaining()) {
            throw refused("is damaged");
        }
        return start;
    }

    private ByteBuffer at(long place, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        if (place < 0 || place > channel.size() - length) {
            throw refused("is cut off or has a table in an impossible place");
        }
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, place + bytes.position()) < 0) {
                throw refused("is cut off");
            }
        }
        return bytes;
    }

    private ImageException refused(String why) {
        return new ImageException("the disk " + disk + " is not taken: it " + why);
    }
}
