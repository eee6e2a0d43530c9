package airlock.results;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the fields of ustar headers and the records of PAX headers (POSIX.1-2001, pax Interchange
/// Format) from hostile bytes. Malformed fields give null or -1.
final class TarFields {
    private static final int BLOCK = 512;
    private static final int LONGEST_PATH = 4095;
    private static final int LONGEST_PART = 255;
    private static final int OWNER_EXECUTES = 0100;
    private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
    private static final Set<String> KEYS = Set.of("path", "linkpath", "size");

    private TarFields() {}

    /// Whether magic, checksum, mode and time are valid.
    static boolean isHeader(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return Arrays.equals(header, 257, 257 + MAGIC.length, MAGIC, 0, MAGIC.length)
                && sum == octal(header, 148, 8)
                && octal(header, 100, 8) >= 0
                && octal(header, 136, 12) >= 0;
    }

    static boolean isProgram(byte[] header) {
        return (octal(header, 100, 8) & OWNER_EXECUTES) != 0;
    }

    /// An entry's size; if PAX has one, the header must have the same or 0.
    static long size(byte[] header, Map<String, String> pax) {
        long size = octal(header, 124, 12);
        if (!pax.containsKey("size")) {
            return size;
        }
        long other = decimal(pax.get("size"));
        return size == 0 || size == other ? other : -1;
    }

    static boolean isHarmless(String path, boolean directory) {
        boolean slash = directory && path.length() > 1 && path.endsWith("/");
        String plain = slash ? path.substring(0, path.length() - 1) : path;
        if (plain.startsWith("/") || bytesOf(path) > LONGEST_PATH) {
            return false;
        }
        for (String part : plain.split("/", -1)) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || bytesOf(part) > LONGEST_PART) {
                return false;
            }
        }
        return true;
    }

    static @Nullable String name(byte[] header) {
        String name = field(header, 0, 100);
        String prefix = field(header, 345, 155);
        if (name == null || prefix == null) {
            return null;
        }
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    static @Nullable String target(byte[] header) {
        return field(header, 157, 100);
    }

    /// A text up to its first NUL; only NULs may follow.
    private static @Nullable String field(byte[] header, int from, int most) {
        int length = 0;
        while (length < most && header[from + length] != 0) {
            length++;
        }
        for (int i = length; i < most; i++) {
            if (header[from + i] != 0) {
                return null;
            }
        }
        return text(header, from, length);
    }

    private static @Nullable String text(byte[] bytes, int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /// The records of a PAX header; empty if it is malformed.
    static Map<String, String> pax(byte[] bytes) {
        var records = new HashMap<String, String>();
        int from = 0;
        while (from < bytes.length) {
            int space = from;
            while (space < bytes.length && space - from < 6 && bytes[space] != ' ') {
                space++;
            }
            long length = decimal(new String(bytes, from, space - from, StandardCharsets.US_ASCII));
            if (bytes[from] == '0'
                    || length <= space - from + 2
                    || length > bytes.length - from
                    || bytes[from + (int) length - 1] != '\n') {
                return Map.of();
            }
            String record = text(bytes, space + 1, (int) length - (space - from) - 2);
            int equals = record == null ? -1 : record.indexOf('=');
            if (record == null
                    || equals < 0
                    || records.put(record.substring(0, equals), record.substring(equals + 1))
                            != null) {
                return Map.of();
            }
            from += (int) length;
        }
        return records;
    }

    /// The mistake in the records of a PAX header; empty if they are valid.
    static String faultOf(Map<String, String> pax) {
        if (pax.isEmpty() || !KEYS.containsAll(pax.keySet())) {
            return "a PAX header is too large, malformed, or has an unknown key";
        }
        for (String value : pax.values()) {
            if (value.isEmpty() || value.indexOf('\0') >= 0 || bytesOf(value) > LONGEST_PATH) {
                return "a PAX value is empty, too long or has a NUL";
            }
        }
        return pax.containsKey("size") && decimal(pax.get("size")) < 0
                ? "a PAX size is not a number"
                : "";
    }

    /// Octal digits, then only NULs and blanks, at least one.
    static long octal(byte[] header, int from, int length) {
        long value = 0;
        int i = from;
        int end = from + length;
        for (; i < end && header[i] >= '0' && header[i] <= '7'; i++) {
            value = value * 8 + (header[i] - '0');
        }
        if (i == from || i == end) {
            return -1;
        }
        for (; i < end; i++) {
            if (header[i] != 0 && header[i] != ' ') {
                return -1;
            }
        }
        return value;
    }

    static long decimal(@Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }

    static boolean isZero(byte[] block) {
        return Arrays.equals(block, new byte[block.length]);
    }

    private static int bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
