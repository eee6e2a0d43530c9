package airlock.image;

import airlock.vm.BootFiles.Firmware;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/// Looks for partitions in the first bytes of a disk: MBR, or GPT with 512-byte sectors (UEFI
/// specification 2.10, chapter 5).
final class PartitionTable {
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
