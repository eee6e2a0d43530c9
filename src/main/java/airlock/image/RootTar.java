package airlock.image;

import airlock.image.RootTree.RootNode.Content;
import airlock.image.RootTree.RootNode.Folder;
import airlock.image.RootTree.RootNode.Meta;
import airlock.image.RootTree.RootNode.Place;
import airlock.image.RootTree.RootNode.Special;
import airlock.image.RootTree.RootNode.Symlink;
import airlock.image.RootTree.RootNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
}
