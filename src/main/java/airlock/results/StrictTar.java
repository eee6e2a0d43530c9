package airlock.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lists a tar archive of the one dialect that the guest program writes (docs/guest-protocol.md):
/// POSIX.1-2001 ustar with `path`, `linkpath` and `size` in PAX headers, types file, directory and
/// symbolic link. Anything else ends the list with [Listing.Refused]; nothing is unpacked.
public final class StrictTar {
    private static final int BLOCK = 512;
    private static final int LARGEST_PAX = 64 * 1024;

    private final FileChannel channel;
    private final List<Entry> entries = new ArrayList<>();
    private long at;

    private StrictTar(FileChannel channel) {
        this.channel = channel;
    }

    /// One entry.
    ///
    /// @param offset where its bytes begin in the archive
    public record Entry(String path, Kind kind, long offset, long size) {}

    /// What an entry is.
    public enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    /// What came of reading an archive.
    public sealed interface Listing {
        /// All entries, in the archive's order.
        record Entries(List<Entry> entries) implements Listing {}

        /// It is not of our dialect; the reason is for people.
        record Refused(String reason) implements Listing {}
    }

    /// Lists `file`.
    ///
    /// @param most how many entries are read before it is refused
    public static Listing list(Path file, int most) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new StrictTar(channel).entries(most);
        }
    }

    private Listing entries(int most) throws IOException {
        Map<String, String> pax = Map.of();
        while (at < channel.size()) {
            byte[] header = bytes(at, BLOCK);
            if (header.length < BLOCK) {
                return refused("ends inside a header");
            }
            if (TarFields.isZero(header)) {
                return new Listing.Entries(List.copyOf(entries));
            }
            if (!TarFields.checksumFits(header)) {
                return refused("header checksum is wrong");
            }
            long size =
                    pax.containsKey("size")
                            ? TarFields.decimal(pax.get("size"))
                            : TarFields.octal(header, 124, 12);
            if (size < 0 || size > channel.size() - at - BLOCK) {
                return refused("an entry is larger than the archive");
            }
            char type = (char) header[156];
            if (type == 'x') {
                var read = size > LARGEST_PAX ? null : TarFields.pax(bytes(at + BLOCK, (int) size));
                if (read == null) {
                    return refused("a PAX header is too large or malformed");
                }
                pax = read;
            } else {
                var refusal = add(header, type, size, pax);
                if (!refusal.isEmpty() || entries.size() > most) {
                    return refused(refusal.isEmpty() ? "more than " + most + " entries" : refusal);
                }
                pax = Map.of();
            }
            at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        return entries.isEmpty() && channel.size() == 0
                ? new Listing.Entries(List.of())
                : refused("has no end mark");
    }

    private String add(byte[] header, char type, long size, Map<String, String> pax) {
        String path = pax.containsKey("path") ? pax.get("path") : TarFields.name(header);
        if (path == null || !TarFields.isHarmless(path)) {
            return "a name is not UTF-8, empty, absolute, or has '.' or '..' in it";
        }
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        switch (type) {
            case '0' -> entries.add(new Entry(plain, Kind.FILE, at + BLOCK, size));
            case '5' -> entries.add(new Entry(plain, Kind.DIRECTORY, at + BLOCK, 0));
            case '2' -> entries.add(new Entry(plain, Kind.LINK, at + BLOCK, 0));
            default -> {
                return "an entry's type is '"
                        + (Character.isLetterOrDigit(type) ? type : '?')
                        + "'";
            }
        }
        return type != '0' && size != 0 ? "a directory or link has bytes" : "";
    }

    private byte[] bytes(long from, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                break;
            }
        }
        var read = new byte[buffer.position()];
        buffer.flip().get(read);
        return read;
    }

    private static Listing refused(String reason) {
        return new Listing.Refused("not an archive that the guest program writes: " + reason);
    }
}
