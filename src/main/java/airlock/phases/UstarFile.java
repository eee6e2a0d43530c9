package airlock.phases;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// A file in one of the small archives that the host itself makes, in the dialect of
/// docs/guest-protocol.md (POSIX.1-2001 ustar). The same files give the same bytes.
///
/// @param name 1 to 100 ASCII characters
/// @param mode the permission bits
public record UstarFile(String name, int mode, byte[] content) {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;

    public UstarFile {
        if (name.isEmpty()
                || name.length() > LONGEST_NAME
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException("not a name for a small archive: '" + name + "'");
        }
    }

    public static byte[] archive(List<UstarFile> files) {
        var out = new ByteArrayOutputStream();
        for (var file : files) {
            out.writeBytes(file.header());
            out.writeBytes(file.content);
            out.writeBytes(new byte[(BLOCK - file.content.length % BLOCK) % BLOCK]);
        }
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    private byte[] header() {
        var header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, octal(7, mode));
        put(header, 108, octal(7, 0));
        put(header, 116, octal(7, 0));
        put(header, 124, octal(11, content.length));
        put(header, 136, octal(11, 0));
        put(header, 148, " ".repeat(8));
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, octal(6, sum) + "\0 ");
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static String octal(int digits, int value) {
        return String.format(Locale.ROOT, "%0" + digits + "o", value);
    }
}
