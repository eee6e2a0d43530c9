package airlock.image;

import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Finds out how a disk starts, from its first bytes: a file system, or partitions with a boot
/// loader. Reads only the parts of qcow2 that this takes (QEMU's docs/interop/qcow2.txt), after
/// [DiskCheck].
final class DiskStart {
    private static final byte[] QCOW2 = {'Q', 'F', 'I', (byte) 0xfb};
    private static final int WANTED = PartitionTable.WANTED;
    private static final int LEAST_CLUSTER_BITS = 12;
    private static final int MOST_COMPRESSED = 1 << 22;
    private static final int COMPRESSION_TYPE = 104;
    private static final long EXTENDED_ENTRIES = 1L << 4;
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L; // bits 9 to 55 of a table entry
    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;

    /// In the superblock of ext2 to ext4 (Linux's Documentation/filesystems/ext4).
    private static final int EXT_MAGIC_AT = 1024 + 56;

    private static final int EXT_MAGIC = 0xef53;

    sealed interface Kind {}

    /// An ext2 to ext4 file system without partitions.
    record FileSystem() implements Kind {}

    /// Partitions.
    ///
    /// @param firmware that its boot loader needs, as far as the table tells
    record Partitions(Firmware firmware) implements Kind {}

    record Unknown() implements Kind {}

    private final Path disk;
    private final FileChannel channel;

    private DiskStart(Path disk, FileChannel channel) {
        this.disk = disk;
        this.channel = channel;
    }

    static boolean isQcow2(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var magic = ByteBuffer.allocate(QCOW2.length);
            channel.read(magic, 0);
            return Arrays.equals(magic.array(), QCOW2);
        }
    }

    /// Inspects an unchecked, untrusted disk.
    static Kind kind(Path disk) {
        try (var channel = FileChannel.open(disk, StandardOpenOption.READ)) {
            var start = new DiskStart(disk, channel);
            if (isQcow2(disk)) {
                DiskCheck.check(disk);
                return kind(start.start());
            }
            return kind(start.raw());
        } catch (IOException e) {
            throw new ImageException("cannot read the disk " + disk, e);
        }
    }

    private static Kind kind(ByteBuffer start) {
        start.order(ByteOrder.LITTLE_ENDIAN);
        if (Short.toUnsignedInt(start.getShort(EXT_MAGIC_AT)) == EXT_MAGIC) {
            return new FileSystem();
        }
        return PartitionTable.firmware(start).<Kind>map(Partitions::new).orElseGet(Unknown::new);
    }

    private ByteBuffer raw() throws IOException {
        var start = ByteBuffer.allocate(WANTED);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
        return start.clear();
    }

    private ByteBuffer start() throws IOException {
        var header = at(0, COMPRESSION_TYPE + 8);
        int clusterBits = header.getInt(20);
        if (clusterBits < LEAST_CLUSTER_BITS) {
            throw refused("has clusters of less than 4 KiB");
        }
        var start = ByteBuffer.allocate(WANTED);
        long second = at(header.getLong(40), Long.BYTES).getLong(0) & OFFSET;
        if (second == 0) {
            return start;
        }
        boolean extended = (header.getLong(72) & EXTENDED_ENTRIES) != 0;
        for (int i = 0; start.hasRemaining(); i++) {
            long place = second + (long) i * (extended ? 2 : 1) * Long.BYTES;
            int length = Math.min(start.remaining(), 1 << clusterBits);
            start.put(cluster(header, at(place, Long.BYTES).getLong(0), length));
        }
        return start.clear();
    }

    /// Reads the beginning of the cluster that a table entry points to.
    private ByteBuffer cluster(ByteBuffer header, long entry, int length) throws IOException {
        if ((entry & COMPRESSED) != 0) {
            return compressed(header, entry, length);
        }
        boolean zero = (entry & ZERO) != 0 || (entry & OFFSET) == 0;
        return zero ? ByteBuffer.allocate(length) : at(entry & OFFSET, length);
    }

    /// The lower bits of the entry are the offset, the bits above them the length in sectors.
    private ByteBuffer compressed(ByteBuffer header, long entry, int wanted) throws IOException {
        if (header.getInt(100) > COMPRESSION_TYPE && header.get(COMPRESSION_TYPE) != 0) {
            throw refused("is compressed by zstd; convert it: qemu-img convert -f qcow2 -O qcow2");
        }
        int split = 62 - (header.getInt(20) - 8);
        long place = entry & ((1L << split) - 1);
        long sectors = ((entry & (COMPRESSED - 1)) >>> split) + 1;
        int length = (int) Math.min(MOST_COMPRESSED, sectors * 512 - place % 512);
        byte[] packed = new byte[(int) Math.min(length, Math.max(0, channel.size() - place))];
        channel.read(ByteBuffer.wrap(packed), place);
        var start = ByteBuffer.allocate(wanted);
        try (var inflater = new Inflater(true)) {
            inflater.setInput(packed);
            while (start.hasRemaining() && inflater.inflate(start) > 0) {}
        } catch (DataFormatException e) {
            throw new ImageException("the disk " + disk + " is not taken: it is damaged", e);
        }
        if (start.hasRemaining()) {
            throw refused("is damaged");
        }
        return start.flip();
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
        return bytes.flip();
    }

    private ImageException refused(String why) {
        return new ImageException("the disk " + disk + " is not taken: it " + why);
    }

    /// Looks for partitions in the first bytes of a disk: MBR, or GPT with 512-byte sectors (UEFI
    /// specification 2.10, chapter 5).
    static final class PartitionTable {
        static final int WANTED = 34 * 512; // ends after a GPT of the usual length
        private static final int MAGIC_AT = 510;
        private static final int MAGIC = 0xaa55;
        private static final int FIRST_AT = 446;
        private static final int MBR_ENTRY = 16;
        private static final int MBR_ENTRIES = 4;
        private static final int MBR_TYPE = 4;
        private static final int MBR_LENGTH = 12;
        private static final int PROTECTS_GPT = 0xee;
        private static final int MBR_EFI = 0xef;
        private static final long GPT_MAGIC = 0x5452_4150_2049_4645L; // `EFI PART`, little-endian
        private static final int GPT_AT = 512;
        private static final int LEAST_ENTRY = 128;
        private static final int TYPE = 16;

        /// C12A7328-F81F-11D2-BA4B-00A0C93EC93B, its first three numbers little-endian.
        private static final ByteBuffer GPT_EFI =
                ByteBuffer.wrap(HexFormat.of().parseHex("28732ac11ff8d211ba4b00a0c93ec93b"));

        private static final ByteBuffer UNUSED = ByteBuffer.allocate(TYPE);

        private final ByteBuffer disk;

        private PartitionTable(ByteBuffer disk) {
            this.disk = disk;
        }

        /// The firmware that a boot loader there needs; empty if the disk has no partitions.
        ///
        /// @param start [#WANTED] bytes
        static Optional<Firmware> firmware(ByteBuffer start) {
            return new PartitionTable(start.duplicate().order(ByteOrder.LITTLE_ENDIAN)).mbr();
        }

        private Optional<Firmware> mbr() {
            if (Short.toUnsignedInt(disk.getShort(MAGIC_AT)) != MAGIC) {
                return Optional.empty();
            }
            Optional<Firmware> found = Optional.empty();
            for (int i = 0; i < MBR_ENTRIES; i++) {
                int at = FIRST_AT + i * MBR_ENTRY;
                int type = Byte.toUnsignedInt(disk.get(at + MBR_TYPE));
                if (type == PROTECTS_GPT) {
                    return gpt();
                }
                if (type == MBR_EFI) {
                    found = Optional.of(Firmware.UEFI);
                } else if (type != 0 && disk.getInt(at + MBR_LENGTH) != 0 && found.isEmpty()) {
                    found = Optional.of(Firmware.BIOS);
                }
            }
            return found;
        }

        private Optional<Firmware> gpt() {
            if (disk.getLong(GPT_AT) != GPT_MAGIC) {
                return Optional.empty();
            }
            long first = disk.getLong(GPT_AT + 72);
            long count = Integer.toUnsignedLong(disk.getInt(GPT_AT + 80));
            long length = Integer.toUnsignedLong(disk.getInt(GPT_AT + 84));
            if (first < 2 || first > WANTED / 512 || length < LEAST_ENTRY || length > WANTED) {
                return Optional.empty();
            }
            Optional<Firmware> found = Optional.empty();
            long at = first * 512;
            for (long i = 0; i < count && at + length <= WANTED; i++, at += length) {
                var type = disk.slice((int) at, TYPE);
                if (type.equals(GPT_EFI)) {
                    return Optional.of(Firmware.UEFI);
                }
                if (!type.equals(UNUSED)) {
                    found = Optional.of(Firmware.BIOS);
                }
            }
            return found;
        }
    }
}
