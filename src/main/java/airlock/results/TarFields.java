package airlock.results;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a ustar header and the records of a PAX one (POSIX.1-2001, pax Interchange
/// Format), read from bytes that nobody vouches for: what is malformed gives null or -1.
final class TarFields {
    private static final int BLOCK = 512;

    private TarFields() {}

    static boolean isHarmless(String path) {
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (plain.isEmpty() || plain.startsWith("/") || plain.indexOf('\0') >= 0) {
            return false;
        }
        for (String part : plain.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    static @Nullable String name(byte[] header) {
        String name = text(header, 0, 100);
        String prefix = text(header, 345, 155);
        if (name == null || prefix == null) {
            return null;
        }
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    static @Nullable String text(byte[] header, int from, int most) {
        int length = 0;
        while (length < most && header[from + length] != 0) {
            length++;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(header, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    static @Nullable Map<String, String> pax(byte[] bytes) {
        var records = new HashMap<String, String>();
        int from = 0;
        while (from < bytes.length) {
            int space = from;
            while (space < bytes.length && bytes[space] != ' ') {
                space++;
            }
            long length = decimal(new String(bytes, from, space - from, StandardCharsets.US_ASCII));
            if (length <= space - from + 2
                    || length > bytes.length - from
                    || bytes[from + (int) length - 1] != '\n') {
                return null;
            }
            String record = text(bytes, space + 1, (int) length - (space - from) - 2);
            int equals = record == null ? -1 : record.indexOf('=');
            if (record == null || equals < 1 || record.length() == equals) {
                return null;
            }
            String key = record.substring(0, equals);
            if (!key.equals("path") && !key.equals("linkpath") && !key.equals("size")) {
                return null;
            }
            records.put(key, record.substring(equals + 1));
            from += (int) length;
        }
        return records;
    }

    static boolean checksumFits(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum == octal(header, 148, 8)
                && header[257] == 'u'
                && header[258] == 's'
                && header[259] == 't'
                && header[260] == 'a'
                && header[261] == 'r';
    }

    static long octal(byte[] header, int from, int length) {
        long value = 0;
        int digits = 0;
        for (int i = from; i < from + length; i++) {
            int c = header[i];
            if (c >= '0' && c <= '7') {
                value = value * 8 + (c - '0');
                digits++;
            } else if (c == 0 || c == ' ') {
                break;
            } else {
                return -1;
            }
        }
        return digits == 0 ? -1 : value;
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
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
