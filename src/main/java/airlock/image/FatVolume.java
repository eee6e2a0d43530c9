package airlock.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// Writes a small volume with files in its root directory: FAT16 with long names, which every
/// kernel reads that boots by UEFI. Source: Microsoft's "FAT: General Overview of On-Disk Format",
/// 1.03. The same files give the same bytes.
final class FatVolume {
    private static final int SECTOR = 512;

    /// 16 MiB, which is few enough for 16 bits and too many for 12.
    private static final int SECTORS = 32_768;

    private static final int CLUSTER = 4 * SECTOR;
    private static final int TABLE_SECTORS = 32;
    private static final int ROOT_ENTRIES = 512;
    private static final int ENTRY = 32;
    private static final int ROOT_AT = (1 + 2 * TABLE_SECTORS) * SECTOR;
    private static final int DATA_AT = ROOT_AT + ROOT_ENTRIES * ENTRY;
    private static final int ROOM = SECTORS * SECTOR - DATA_AT;
    private static final int FIRST_CLUSTER = 2;
    private static final short LAST = (short) 0xffff;
    private static final int LONG_NAME = 13;
    private static final int LONG_NAME_ATTRIBUTES = 0x0f;
    private static final byte LABEL_ATTRIBUTE = 0x08;

    /// The day of Debian 13.
    private static final short DATE = (short) ((2025 - 1980) << 9 | 8 << 5 | 9);

    private final ByteBuffer bytes =
            ByteBuffer.allocate(SECTORS * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    private int entries;
    private int cluster = FIRST_CLUSTER;

    private FatVolume() {}

    /// @param label at most 11 of `A-Z`
    /// @param files contents by name, which is ASCII
    static void write(Path target, String label, Map<String, byte[]> files) throws IOException {
        var volume = new FatVolume();
        volume.head(label);
        files.forEach(volume::file);
        int end = DATA_AT + (volume.cluster - FIRST_CLUSTER) * CLUSTER;
        try (var out =
                FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var used = volume.bytes.slice(0, end);
            while (used.hasRemaining()) {
                out.write(used);
            }
            // what follows takes no room on the disk
            out.write(ByteBuffer.allocate(1), (long) SECTORS * SECTOR - 1);
        }
    }

    private void head(String label) {
        String padded = (label + " ".repeat(11)).substring(0, 11);
        bytes.put(new byte[] {(byte) 0xeb, 0x3c, (byte) 0x90}).put(ascii("AIRLOCK "));
        bytes.putShort((short) SECTOR).put((byte) (CLUSTER / SECTOR)).putShort((short) 1);
        bytes.put((byte) 2).putShort((short) ROOT_ENTRIES).putShort((short) SECTORS);
        bytes.put((byte) 0xf8).putShort((short) TABLE_SECTORS);
        bytes.putShort((short) 63).putShort((short) 255).putInt(0).putInt(0);
        bytes.put((byte) 0x80).put((byte) 0).put((byte) 0x29).putInt(0x41495231);
        bytes.put(ascii(padded)).put(ascii("FAT16   "));
        bytes.putShort(SECTOR - 2, (short) 0xaa55);
        link(0, (short) 0xfff8);
        link(1, LAST);
        entry(ascii(padded), LABEL_ATTRIBUTE, 0, 0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Both tables say what follows a cluster.
    private void link(int from, short to) {
        for (int table = 0; table < 2; table++) {
            bytes.putShort((1 + table * TABLE_SECTORS) * SECTOR + 2 * from, to);
        }
    }

    private void file(String name, byte[] content) {
        int first = cluster;
        int count = (content.length + CLUSTER - 1) / CLUSTER;
        if (content.length > ROOM - (cluster - FIRST_CLUSTER) * CLUSTER) {
            throw new ImageException("%s, %d bytes, does not fit".formatted(name, content.length));
        }
        for (int i = 0; i < count; i++) {
            link(cluster, i + 1 < count ? (short) (cluster + 1) : LAST);
            cluster++;
        }
        bytes.put(DATA_AT + (first - FIRST_CLUSTER) * CLUSTER, content);
        byte[] alias = ascii("FILE~%-6d".formatted(entries));
        longName(name, alias);
        entry(alias, (byte) 0, count == 0 ? 0 : first, content.length);
    }

    /// The name's last part stands first.
    private void longName(String name, byte[] alias) {
        int parts = (name.length() + LONG_NAME - 1) / LONG_NAME;
        for (int part = parts; part >= 1; part--) {
            int at = ROOT_AT + entries++ * ENTRY;
            bytes.put(at, (byte) (part == parts ? part | 0x40 : part));
            bytes.put(at + 11, (byte) LONG_NAME_ATTRIBUTES).put(at + 13, sum(alias));
            for (int i = 0; i < LONG_NAME; i++) {
                int place = (part - 1) * LONG_NAME + i;
                char letter = place < name.length() ? name.charAt(place) : '\uffff';
                int gap = i < 5 ? 1 : i < 11 ? 4 : 6;
                bytes.putChar(at + gap + 2 * i, place == name.length() ? '\0' : letter);
            }
        }
    }

    private static byte sum(byte[] alias) {
        int sum = 0;
        for (byte letter : alias) {
            sum = (((sum & 1) << 7) + (sum >> 1) + (letter & 0xff)) & 0xff;
        }
        return (byte) sum;
    }

    private void entry(byte[] name, byte attributes, int first, int length) {
        int at = ROOT_AT + entries++ * ENTRY;
        bytes.put(at, name).put(at + 11, attributes);
        bytes.putShort(at + 16, DATE).putShort(at + 18, DATE).putShort(at + 24, DATE);
        bytes.putShort(at + 26, (short) first).putInt(at + 28, length);
    }
}
