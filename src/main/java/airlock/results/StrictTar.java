package airlock.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lists a tar archive in the dialect that the guest program writes (docs/guest-protocol.md):
/// POSIX.1-2001 ustar with `path`, `linkpath` and `size` in PAX headers, types file, directory,
/// symbolic and hard link. Anything else, such as a name that is not UTF-8, is refused. Nothing is
/// unpacked.
public final class StrictTar {
    private static final int BLOCK = 512;
    private static final int LARGEST_PAX = 16 * 1024;
    private static final int LONGEST_PATH = 4095;
    private static final int LONGEST_PART = 255;
    private static final int OWNER_EXECUTES = 0100;
    private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
    private static final Set<String> KEYS = Set.of("path", "linkpath", "size");
    private static final Map<Character, Kind> KINDS =
            Map.of(
                    '0', Kind.FILE,
                    '5', Kind.DIRECTORY,
                    '1', Kind.HARD_LINK,
                    '2', Kind.SYMBOLIC_LINK);

    private final FileChannel channel;
    private final Consumer<Entry> entries;
    private final FileWindow window;
    private int count;
    private long at;

    private StrictTar(FileChannel channel, Consumer<Entry> entries) {
        this.channel = channel;
        this.window = new FileWindow(channel);
        this.entries = entries;
    }

    /// An entry of an archive.
    ///
    /// @param offset of its bytes in the archive
    /// @param target of a link; empty for others
    /// @param isProgram whether its owner may execute it
    public record Entry(
            String path, Kind kind, long offset, long size, String target, boolean isProgram) {
        public boolean isLink() {
            return kind == Kind.SYMBOLIC_LINK || kind == Kind.HARD_LINK;
        }
    }

    public enum Kind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        /// A second name of an earlier file.
        HARD_LINK
    }

    /// Reads all of `file` in bounded memory. Returns why it is refused, for people; empty if it is
    /// not. An empty file is an empty archive.
    ///
    /// @param most entries that it may have
    /// @param entries gets each entry in the archive's order, also those of a refused archive up to
    ///     the mistake
    public static String walk(Path file, int most, Consumer<Entry> entries) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.size() == 0 ? "" : new StrictTar(channel, entries).entries(most);
        }
    }

    private String entries(int most) throws IOException {
        Map<String, String> pax = Map.of();
        while (count <= most) {
            byte[] header = bytes(at, BLOCK);
            at += BLOCK;
            if (header.length == BLOCK && isZero(header)) {
                return end(pax);
            }
            if (header.length < BLOCK || !isHeader(header)) {
                return refused("no header where one must be, or a wrong checksum");
            }
            boolean isPax = header[156] == 'x';
            if (isPax && !pax.isEmpty()) {
                return refused("a PAX header follows another");
            }
            long size = size(header, isPax ? Map.of() : pax);
            if (size < 0 || size > channel.size() - at) {
                return refused("an entry's size is malformed or beyond the archive");
            }
            if (isPax) {
                pax = size > LARGEST_PAX ? Map.of() : pax(bytes(at, (int) size));
            }
            String refusal = isPax ? faultOf(pax) : add(header, size, pax);
            if (!refusal.isEmpty() || !skip(size)) {
                return refused(refusal.isEmpty() ? "padding is not zero" : refusal);
            }
            pax = isPax ? pax : Map.of();
        }
        return refused("more than " + most + " entries");
    }

    private String end(Map<String, String> pax) throws IOException {
        byte[] second = bytes(at, BLOCK);
        return pax.isEmpty() && second.length == BLOCK && isZero(second)
                ? ""
                : refused("one zero block only, or a PAX header without entry");
    }

    private String add(byte[] header, long size, Map<String, String> pax) {
        char type = (char) header[156];
        var path = pax.containsKey("path") ? pax.get("path") : name(header);
        var target = pax.containsKey("linkpath") ? pax.get("linkpath") : target(header);
        if (path == null || target == null || !isHarmless(path, type == '5')) {
            return "a name is not UTF-8, empty, absolute, too long, or has '.' or '..' in it";
        }
        if (target.isEmpty() == (type == '1' || type == '2')) {
            return "a link has no target, or another entry has one";
        }
        if (type == '1' && !isHarmless(target, false)) {
            return "a hard link leads out";
        }
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Kind kind = KINDS.get(type);
        if (kind == null) {
            return "an entry's type is '" + (Character.isLetterOrDigit(type) ? type : '?') + "'";
        }
        entries.accept(
                new Entry(
                        plain, kind, at, kind == Kind.FILE ? size : 0, target, isProgram(header)));
        count++;
        return type != '0' && size != 0 ? "a directory or link has bytes" : "";
    }

    /// Skips an entry's bytes; returns false if the padding of its last block is not zero.
    private boolean skip(long size) throws IOException {
        int padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
        byte[] filling = bytes(at + size, padding);
        at += size + padding;
        return filling.length == padding && isZero(filling);
    }

    private byte[] bytes(long from, int length) throws IOException {
        var found = window.read(from, length);
        var bytes = new byte[found.remaining()];
        found.get(bytes);
        return bytes;
    }

    private static String refused(String reason) {
        return "not an archive that the guest program writes: " + reason;
    }

    // The fields of ustar headers and the records of PAX headers (POSIX.1-2001, pax Interchange
    // Format). Malformed ones give null or -1.

    /// Whether magic, checksum, mode and time are valid.
    private static boolean isHeader(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return Arrays.equals(header, 257, 257 + MAGIC.length, MAGIC, 0, MAGIC.length)
                && sum == octal(header, 148, 8)
                && octal(header, 100, 8) >= 0
                && octal(header, 136, 12) >= 0;
    }

    private static boolean isProgram(byte[] header) {
        return (octal(header, 100, 8) & OWNER_EXECUTES) != 0;
    }

    /// An entry's size; if PAX has one, the header must have the same or 0.
    private static long size(byte[] header, Map<String, String> pax) {
        long size = octal(header, 124, 12);
        if (!pax.containsKey("size")) {
            return size;
        }
        long other = decimal(pax.get("size"));
        return size == 0 || size == other ? other : -1;
    }

    private static boolean isHarmless(String path, boolean directory) {
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

    private static @Nullable String name(byte[] header) {
        String name = field(header, 0, 100);
        String prefix = field(header, 345, 155);
        if (name == null || prefix == null) {
            return null;
        }
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static @Nullable String target(byte[] header) {
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
    private static Map<String, String> pax(byte[] bytes) {
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
    private static String faultOf(Map<String, String> pax) {
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
    private static long octal(byte[] header, int from, int length) {
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

    private static long decimal(@Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }

    private static boolean isZero(byte[] block) {
        return Arrays.equals(block, new byte[block.length]);
    }

    private static int bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
