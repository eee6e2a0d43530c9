package airlock.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Lists a tar archive in the dialect that the guest program writes (docs/guest-protocol.md):
/// POSIX.1-2001 ustar with `path`, `linkpath` and `size` in PAX headers, types file, directory,
/// symbolic and hard link. Anything else, such as a name that is not UTF-8, gives
/// [Listing.Refused]. Nothing is unpacked.
public final class StrictTar {
    private static final int BLOCK = 512;
    private static final int LARGEST_PAX = 16 * 1024;
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

    public sealed interface Listing {
        record Entries(List<Entry> entries) implements Listing {}

        /// The archive is not in our dialect; the reason is for people.
        record Refused(String reason) implements Listing {}
    }

    /// Lists `file`, which must be small: all entries are held in memory. An empty file is an empty
    /// archive.
    ///
    /// @param most entries that it may have
    public static Listing list(Path file, int most) throws IOException {
        var entries = new ArrayList<Entry>();
        String refusal = walk(file, most, entries::add);
        return refusal.isEmpty()
                ? new Listing.Entries(List.copyOf(entries))
                : new Listing.Refused(refusal);
    }

    /// Reads all of `file` in bounded memory. Returns why it is refused; empty if it is not.
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
            if (header.length == BLOCK && TarFields.isZero(header)) {
                return end(pax);
            }
            if (header.length < BLOCK || !TarFields.isHeader(header)) {
                return refused("no header where one must be, or a wrong checksum");
            }
            boolean isPax = header[156] == 'x';
            if (isPax && !pax.isEmpty()) {
                return refused("a PAX header follows another");
            }
            long size = TarFields.size(header, isPax ? Map.of() : pax);
            if (size < 0 || size > channel.size() - at) {
                return refused("an entry's size is malformed or beyond the archive");
            }
            if (isPax) {
                pax = size > LARGEST_PAX ? Map.of() : TarFields.pax(bytes(at, (int) size));
            }
            String refusal = isPax ? TarFields.faultOf(pax) : add(header, size, pax);
            if (!refusal.isEmpty() || !skip(size)) {
                return refused(refusal.isEmpty() ? "padding is not zero" : refusal);
            }
            pax = isPax ? pax : Map.of();
        }
        return refused("more than " + most + " entries");
    }

    private String end(Map<String, String> pax) throws IOException {
        byte[] second = bytes(at, BLOCK);
        return pax.isEmpty() && second.length == BLOCK && TarFields.isZero(second)
                ? ""
                : refused("one zero block only, or a PAX header without entry");
    }

    private String add(byte[] header, long size, Map<String, String> pax) {
        char type = (char) header[156];
        var path = pax.containsKey("path") ? pax.get("path") : TarFields.name(header);
        var target = pax.containsKey("linkpath") ? pax.get("linkpath") : TarFields.target(header);
        if (path == null || target == null || !TarFields.isHarmless(path, type == '5')) {
            return "a name is not UTF-8, empty, absolute, too long, or has '.' or '..' in it";
        }
        if (target.isEmpty() == (type == '1' || type == '2')) {
            return "a link has no target, or another entry has one";
        }
        if (type == '1' && !TarFields.isHarmless(target, false)) {
            return "a hard link leads out";
        }
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Kind kind = KINDS.get(type);
        if (kind == null) {
            return "an entry's type is '" + (Character.isLetterOrDigit(type) ? type : '?') + "'";
        }
        entries.accept(
                new Entry(
                        plain,
                        kind,
                        at,
                        kind == Kind.FILE ? size : 0,
                        target,
                        TarFields.isProgram(header)));
        count++;
        return type != '0' && size != 0 ? "a directory or link has bytes" : "";
    }

    /// Skips an entry's bytes; returns false if the padding of its last block is not zero.
    private boolean skip(long size) throws IOException {
        int padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
        byte[] filling = bytes(at + size, padding);
        at += size + padding;
        return filling.length == padding && TarFields.isZero(filling);
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
}
