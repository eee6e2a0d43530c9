package airlock.image;

import airlock.image.RootNode.Content;
import airlock.image.RootNode.Folder;
import airlock.image.RootNode.Meta;
import airlock.image.RootNode.Special;
import airlock.image.RootNode.Symlink;
import airlock.text.SafeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/// Assembles a root file system from layers (OCI image-spec, layer.md) as a map of paths. The
/// whiteouts of a layer are applied before its entries.
final class RootTree {
    private static final String WHITEOUT = ".wh.";
    private static final String ATTRIBUTE = "SCHILY.xattr.";
    private static final int MOST_TOLD = 10;
    private static final int LONGEST_TOLD = 100;
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int PERMISSIONS = 07777;
    private static final int LONGEST_LINK = 4000;
    private static final long MOST_ID = 0xffff_fffeL;

    /// By path; the root directory's path is empty.
    private final NavigableMap<String, RootNode> nodes = new TreeMap<>();

    private final RootPaths paths = new RootPaths(nodes);
    private final NavigableSet<String> lost = new TreeSet<>();
    private int layers;

    NavigableMap<String, RootNode> nodes() {
        return nodes;
    }

    /// Names of up to ten extended attributes that were dropped.
    NavigableSet<String> lost() {
        return lost;
    }

    /// @param node empty for a hard link
    /// @param linked the target of a hard link
    private record Entry(List<String> parts, Optional<RootNode> node, String linked) {}

    void add(LayerTar tar) throws IOException {
        var entries = new ArrayList<Entry>();
        int number = 0;
        for (var next = tar.next(); next.isPresent(); next = tar.next()) {
            var parts = RootPaths.parts(next.get().getName());
            if (!parts.isEmpty() && parts.getLast().startsWith(WHITEOUT)) {
                whiteout(parts);
            } else {
                entries.add(entry(parts, next.get(), number, tar));
                note(next.get());
            }
            number++;
        }
        entries.forEach(this::put);
        layers++;
    }

    private void note(TarArchiveEntry header) {
        header.getExtraPaxHeaders().keySet().stream()
                .filter(key -> key.startsWith(ATTRIBUTE) && !key.equals(FileCapability.NAME))
                .filter(_ -> lost.size() < MOST_TOLD)
                .forEach(
                        key ->
                                lost.add(
                                        SafeText.line(
                                                key.substring(ATTRIBUTE.length()), LONGEST_TOLD)));
    }

    private Entry entry(List<String> parts, TarArchiveEntry header, int number, LayerTar tar) {
        boolean link = header.isLink();
        return new Entry(
                parts,
                link ? Optional.empty() : Optional.of(node(header, number, tar)),
                link ? header.getLinkName() : "");
    }

    private void whiteout(List<String> parts) {
        String path = paths.resolved(parts);
        String folder = RootPaths.parent(path);
        if (parts.getLast().equals(OPAQUE)) {
            removeBelow(folder);
            return;
        }
        String name = parts.getLast().substring(WHITEOUT.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw RootPaths.refused(path);
        }
        String gone = folder.isEmpty() ? name : folder + "/" + name;
        nodes.remove(gone);
        removeBelow(gone);
    }

    private void removeBelow(String folder) {
        if (folder.isEmpty()) {
            nodes.clear();
        } else {
            // '0' is what follows '/'
            nodes.subMap(folder + "/", folder + "0").clear();
        }
    }

    private void put(Entry entry) {
        if (entry.parts().isEmpty()) {
            entry.node().filter(Folder.class::isInstance).ifPresent(root -> nodes.put("", root));
            return;
        }
        String path = paths.resolved(entry.parts());
        var node = entry.node().orElseGet(() -> linked(entry.linked()));
        parents(path);
        if (!(node instanceof Folder)) {
            removeBelow(path);
        }
        nodes.put(path, node);
    }

    private RootNode linked(String target) {
        var parts = RootPaths.parts(target);
        var there = parts.isEmpty() ? null : nodes.get(paths.resolved(parts));
        if (there == null || there instanceof Folder) {
            throw RootPaths.refused(target);
        }
        return there;
    }

    private void parents(String path) {
        for (String folder = RootPaths.parent(path);
                !folder.isEmpty();
                folder = RootPaths.parent(folder)) {
            var there = nodes.putIfAbsent(folder, new Folder(Meta.IMPLIED));
            if (there instanceof Folder) {
                return;
            }
            if (there != null) {
                throw RootPaths.refused(path);
            }
        }
    }

    private RootNode node(TarArchiveEntry header, int number, LayerTar tar) {
        var meta = meta(header);
        if (header.isDirectory()) {
            return new Folder(meta);
        }
        if (header.isSymbolicLink()) {
            String target = header.getLinkName();
            if (target.isEmpty() || target.indexOf('\0') >= 0 || target.length() > LONGEST_LINK) {
                throw RootPaths.refused(header.getName());
            }
            return new Symlink(meta, target);
        }
        if (header.isCharacterDevice() || header.isBlockDevice() || header.isFIFO()) {
            return new Special(
                    meta, header.getLinkFlag(), header.getDevMajor(), header.getDevMinor());
        }
        if (header.isFile()) {
            return new Content(meta, layers, number, header.getRealSize(), tar.capability(header));
        }
        throw RootPaths.refused(header.getName());
    }

    static Meta meta(TarArchiveEntry header) {
        long user = header.getLongUserId();
        long group = header.getLongGroupId();
        if (user < 0 || user > MOST_ID || group < 0 || group > MOST_ID) {
            throw RootPaths.refused(header.getName());
        }
        long seconds = header.getLastModifiedTime().to(TimeUnit.SECONDS);
        return new Meta(header.getMode() & PERMISSIONS, user, group, Math.max(0, seconds));
    }
}
