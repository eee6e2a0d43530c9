package airlock.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Capabilities of files in layers (capabilities(7), `struct vfs_cap_data`), the only extended
/// attribute that mke2fs(8) takes from an archive. Archives have it in a PAX header
/// (`LENGTH NAME=VALUE\n`, pax(1)), whose binary value the library decodes as UTF-8.
final class FileCapability {
    static final String NAME = "SCHILY.xattr.security.capability";
    private static final byte[] BEGIN = (" " + NAME + "=").getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_DIGITS = 4;

    private FileCapability() {}

    /// Finds the value, in hexadecimal digits.
    ///
    /// @param raw the bytes that were read last, with the header among them
    /// @param decoded the value as the library decoded it
    /// @throws IllegalArgumentException if it is not such a value
    static String of(byte[] raw, String decoded) {
        byte[] value = value(raw);
        if (!new String(value, StandardCharsets.UTF_8).equals(decoded) || !isValid(value)) {
            throw new IllegalArgumentException("not capabilities of a file");
        }
        return HexFormat.of().formatHex(value);
    }

    private static byte[] value(byte[] raw) {
        int name = last(raw);
        int digits = name;
        while (digits > 0
                && name - digits < MOST_DIGITS
                && raw[digits - 1] >= '0'
                && raw[digits - 1] <= '9') {
            digits--;
        }
        if (name == digits) {
            throw new IllegalArgumentException("a header without a length");
        }
        String text = new String(raw, digits, name - digits, StandardCharsets.US_ASCII);
        int end = digits + Integer.parseInt(text) - 1;
        int begin = name + BEGIN.length;
        if (end < begin || end >= raw.length || raw[end] != '\n') {
            throw new IllegalArgumentException("a header with another length");
        }
        return Arrays.copyOfRange(raw, begin, end);
    }

    private static int last(byte[] raw) {
        for (int at = raw.length - BEGIN.length; at >= 0; at--) {
            if (Arrays.equals(raw, at, at + BEGIN.length, BEGIN, 0, BEGIN.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("a header that is too far away");
    }

    /// Revision 2, or revision 3 with the root of a user namespace; little-endian.
    private static boolean isValid(byte[] value) {
        return value.length > 3
                && ((value[3] == 2 && value.length == 20) || (value[3] == 3 && value.length == 24));
    }

    /// The PAX header record for a value that [#of] returned.
    static byte[] record(String capability) {
        byte[] value = HexFormat.of().parseHex(capability);
        int rest = BEGIN.length + value.length + 1;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        byte[] begin = Integer.toString(length).getBytes(StandardCharsets.US_ASCII);
        byte[] record = Arrays.copyOf(begin, length);
        System.arraycopy(BEGIN, 0, record, begin.length, BEGIN.length);
        System.arraycopy(value, 0, record, begin.length + BEGIN.length, value.length);
        record[length - 1] = '\n';
        return record;
    }
}
