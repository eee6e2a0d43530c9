package airlock.image;

import airlock.image.RootTree.RootNode;
import airlock.image.RootTree.RootNode.Content;
import airlock.image.RootTree.RootNode.Folder;
import airlock.image.RootTree.RootNode.Meta;
import airlock.image.RootTree.RootNode.Place;
import airlock.image.RootTree.RootNode.Special;
import airlock.image.RootTree.RootNode.Symlink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Writes a root file system as a tar archive in GNU's format, for mke2fs(8): directories first,
/// regular files last, in the order of their layers.
final class RootTar implements AutoCloseable {
    private static final int PIECE = 1 << 16;
    private static final int FILE = 0100000;

    private final NavigableMap<String, RootNode> nodes;

    /// The paths of each content: the first is written as a file, the others as links to it.
    private final Map<Place, List<String>> paths = new HashMap<>();

    private final TarArchiveOutputStream out;
    private int layer;

    RootTar(NavigableMap<String, RootNode> nodes, Path target) throws IOException {
        this.nodes = nodes;
        nodes.forEach(
                (path, node) -> {
                    if (node instanceof Content content) {
                        paths.computeIfAbsent(content.place(), _ -> new ArrayList<>()).add(path);
                    }
                });
        this.out =
                new TarArchiveOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(target), PIECE),
                        StandardCharsets.UTF_8.name());
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    /// Writes everything but regular files.
    void begin() throws IOException {
        for (var entry : nodes.entrySet()) {
            if (entry.getValue() instanceof Folder(var meta) && !entry.getKey().isEmpty()) {
                write(header(entry.getKey() + "/", TarConstants.LF_DIR, meta));
            }
        }
        for (var entry : nodes.entrySet()) {
            switch (entry.getValue()) {
                case Symlink(var meta, var target) -> {
                    var header = header(entry.getKey(), TarConstants.LF_SYMLINK, meta);
                    header.setLinkName(target);
                    write(header);
                }
                case Special(var meta, byte flag, int major, int minor) -> {
                    var header = header(entry.getKey(), flag, meta);
                    header.setDevMajor(major);
                    header.setDevMinor(minor);
                    write(header);
                }
                case Folder _, Content _ -> {}
            }
        }
    }

    /// Writes the files of the next layer.
    void add(LayerTar tar) throws IOException {
        tar.each(
                (number, _) -> {
                    var all = paths.getOrDefault(new Place(layer, number), List.of());
                    if (!all.isEmpty() && nodes.get(all.getFirst()) instanceof Content content) {
                        file(content, all, tar);
                    }
                });
        layer++;
    }

    private void file(Content content, List<String> all, LayerTar tar) throws IOException {
        var header = header(all.getFirst(), TarConstants.LF_NORMAL, content.meta());
        header.setMode(FILE | content.meta().mode());
        header.setSize(content.size());
        if (!content.capability().isEmpty()) {
            capability(content.capability());
        }
        out.putArchiveEntry(header);
        tar.content().transferTo(out);
        out.closeArchiveEntry();
        for (String link : all.subList(1, all.size())) {
            var linked = header(link, TarConstants.LF_LINK, content.meta());
            linked.setLinkName(all.getFirst());
            write(linked);
        }
    }

    /// Writes a PAX header for the next entry. It holds no name, so that names stay in GNU's form:
    /// mke2fs(8) reads any name in that form.
    private void capability(String capability) throws IOException {
        byte[] record = FileCapability.record(capability);
        var header = new TarArchiveEntry("capability", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
        header.setSize(record.length);
        out.putArchiveEntry(header);
        out.write(record);
        out.closeArchiveEntry();
    }

    private void write(TarArchiveEntry header) throws IOException {
        out.putArchiveEntry(header);
        out.closeArchiveEntry();
    }

    private static TarArchiveEntry header(String path, byte flag, Meta meta) {
        var header = new TarArchiveEntry(path, flag);
        header.setMode(meta.mode());
        header.setUserId(meta.user());
        header.setGroupId(meta.group());
        header.setUserName("");
        header.setGroupName("");
        header.setModTime(meta.seconds() * 1000);
        return header;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /// Capabilities of files in layers (capabilities(7), `struct vfs_cap_data`), the only extended
    /// attribute that mke2fs(8) takes from an archive. Archives have it in a PAX header
    /// (`LENGTH NAME=VALUE\n`, pax(1)), whose binary value the library decodes as UTF-8.
    static final class FileCapability {
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
                    && ((value[3] == 2 && value.length == 20)
                            || (value[3] == 3 && value.length == 24));
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
}
