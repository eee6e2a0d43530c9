package airlock.vm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Small tar archives for tests: regular files, plain ustar; PAX headers for long names.
public final class TestTar {
    private static final int BLOCK = 512;

    /// Characters of a name without a PAX header; with one it has more than 990.
    private static final int LONGEST = 99;

    private TestTar() {}

    /// An archive of text files by name.
    public static byte[] of(Map<String, String> files) {
        var bytes = new TreeMap<String, byte[]>();
        files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return write(bytes);
    }

    /// An archive of files by name, in the order of names.
    public static byte[] write(SortedMap<String, byte[]> files) {
        var out = new ByteArrayOutputStream();
        files.forEach(
                (name, content) -> {
                    out.writeBytes(head(name, content.length));
                    out.writeBytes(content);
                    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
                });
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    /// The blocks before the bytes of a regular file.
    public static byte[] head(String name, int size) {
        if (name.length() <= LONGEST) {
            return header(name, size);
        }
        String record = " path=" + name + "\n";
        int length = record.length() + 4;
        byte[] pax = (length + record).getBytes(StandardCharsets.UTF_8);
        byte[] before = header("pax", pax.length);
        before[156] = 'x';
        var out = new ByteArrayOutputStream();
        out.writeBytes(summed(before));
        out.writeBytes(pax);
        out.writeBytes(new byte[(BLOCK - pax.length % BLOCK) % BLOCK]);
        out.writeBytes(header("long", size));
        return out.toByteArray();
    }

    /// A symbolic link, to stand before an archive's own entries.
    public static byte[] link(String name, String target) {
        byte[] header = header(name, 0);
        header[156] = '2';
        put(header, 157, target);
        return summed(header);
    }

    /// The regular files of an archive; bytes that begin with zeros are an empty archive.
    public static SortedMap<String, byte[]> read(byte[] archive) {
        var files = new TreeMap<String, byte[]>();
        int at = 0;
        while (at + BLOCK <= archive.length && archive[at] != 0) {
            int size = Integer.parseInt(text(archive, at + 124, 11), 8);
            char type = (char) archive[at + 156];
            if (type == '0') {
                files.put(
                        text(archive, at, 100),
                        Arrays.copyOfRange(archive, at + BLOCK, at + BLOCK + size));
            }
            at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        return files;
    }

    /// The same with contents as text.
    public static SortedMap<String, String> texts(byte[] archive) {
        var texts = new TreeMap<String, String>();
        read(archive).forEach((name, b) -> texts.put(name, new String(b, StandardCharsets.UTF_8)));
        return texts;
    }

    private static String text(byte[] bytes, int from, int most) {
        int end = from;
        while (end < from + most && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private static byte[] header(String name, int size) {
        var header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format(Locale.ROOT, "%011o", size));
        put(header, 136, "00000000000");
        header[156] = '0';
        put(header, 257, "ustar\00000");
        return summed(header);
    }

    private static byte[] summed(byte[] header) {
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
