package airlock.image;

import airlock.image.RootTar.FileCapability;
import airlock.image.RootTree.RootNode.Content;
import airlock.image.RootTree.RootNode.Folder;
import airlock.image.RootTree.RootNode.Meta;
import airlock.image.RootTree.RootNode.Place;
import airlock.image.RootTree.RootNode.Special;
import airlock.image.RootTree.RootNode.Symlink;
import airlock.text.SafeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/// Assembles a root file system from layers (OCI image-spec, layer.md) as a map of paths. The
/// whiteouts of a layer are applied before its entries. No name in it reaches this machine's
/// kernel, and no path leads out.
final class RootTree {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String ATTRIBUTE = "SCHILY.xattr.";
    private static final int MOST_TOLD = 10;
    private static final int LONGEST_TOLD = 100;
    private static final int PERMISSIONS = 07777;
    private static final long MOST_ID = 0xffff_fffeL;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST = 4000;
    private static final int MOST_LINKS = 40;

    /// By path; the root directory's path is empty.
    private final NavigableMap<String, RootNode> nodes = new TreeMap<>();

    private final NavigableSet<String> lost = new TreeSet<>();
    private int layers;

    /// A file or directory.
    sealed interface RootNode {
        Meta meta();

        /// Permissions, owner and time of the last change.
        ///
        /// @param mode permission bits with setuid, setgid and sticky
        /// @param seconds since 1970
        record Meta(int mode, long user, long group, long seconds) {}

        /// The numbers of a layer and of an entry in it.
        record Place(int layer, int entry) {}

        record Folder(Meta meta) implements RootNode {}

        /// A regular file; paths with equal nodes are hard links of each other.
        ///
        /// @param capability in hexadecimal digits, empty for none
        record Content(Meta meta, Place place, long size, String capability) implements RootNode {}

        record Symlink(Meta meta, String target) implements RootNode {}

        /// A device or a pipe.
        ///
        /// @param flag its type in tar
        record Special(Meta meta, byte flag, int major, int minor) implements RootNode {}
    }

    NavigableMap<String, RootNode> nodes() {
        return nodes;
    }

    /// Names of up to ten extended attributes that were dropped.
    NavigableSet<String> lost() {
        return lost;
    }

    /// @param node empty for a hard link
    /// @param linked the target of a link
    private record Entry(List<String> parts, Optional<RootNode> node, String linked) {}

    void add(LayerTar tar) throws IOException {
        var entries = new ArrayList<Entry>();
        tar.each(
                (number, header) -> {
                    var parts = parts(header.getName());
                    if (!parts.isEmpty() && parts.getLast().startsWith(WHITEOUT)) {
                        whiteout(parts);
                        return;
                    }
                    var node =
                            header.isLink()
                                    ? Optional.<RootNode>empty()
                                    : Optional.of(node(header, new Place(layers, number), tar));
                    entries.add(new Entry(parts, node, header.getLinkName()));
                    note(header);
                });
        entries.forEach(this::put);
        layers++;
    }

    private void note(TarArchiveEntry header) {
        header.getExtraPaxHeaders().keySet().stream()
                .filter(key -> key.startsWith(ATTRIBUTE) && !key.equals(FileCapability.NAME))
                .filter(_ -> lost.size() < MOST_TOLD)
                .map(key -> SafeText.line(key.substring(ATTRIBUTE.length()), LONGEST_TOLD))
                .forEach(lost::add);
    }

    private void whiteout(List<String> parts) {
        String path = resolved(parts);
        String folder = parent(path);
        if (parts.getLast().equals(OPAQUE)) {
            removeBelow(folder);
            return;
        }
        String name = parts.getLast().substring(WHITEOUT.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw refused(path);
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
        String path = resolved(entry.parts());
        var node = entry.node().orElseGet(() -> linked(entry.linked()));
        parents(path);
        if (!(node instanceof Folder)) {
            removeBelow(path);
        }
        nodes.put(path, node);
    }

    private RootNode linked(String target) {
        var parts = parts(target);
        var there = parts.isEmpty() ? null : nodes.get(resolved(parts));
        if (there == null || there instanceof Folder) {
            throw refused(target);
        }
        return there;
    }

    private void parents(String path) {
        for (String at = parent(path); !at.isEmpty(); at = parent(at)) {
            var there = nodes.putIfAbsent(at, new Folder(new Meta(0755, 0, 0, 0)));
            if (there instanceof Folder) {
                return;
            }
            if (there != null) {
                throw refused(path);
            }
        }
    }

    private static RootNode node(TarArchiveEntry header, Place place, LayerTar tar) {
        var meta = meta(header);
        if (header.isDirectory()) {
            return new Folder(meta);
        }
        if (header.isSymbolicLink()) {
            String target = header.getLinkName();
            if (target.isEmpty() || target.indexOf('\0') >= 0 || target.length() > LONGEST) {
                throw refused(header.getName());
            }
            return new Symlink(meta, target);
        }
        if (header.isCharacterDevice() || header.isBlockDevice() || header.isFIFO()) {
            return new Special(
                    meta, header.getLinkFlag(), header.getDevMajor(), header.getDevMinor());
        }
        if (header.isFile()) {
            return new Content(meta, place, header.getRealSize(), tar.capability(header));
        }
        throw refused(header.getName());
    }

    private static Meta meta(TarArchiveEntry header) {
        long user = header.getLongUserId();
        long group = header.getLongGroupId();
        if (user < 0 || user > MOST_ID || group < 0 || group > MOST_ID) {
            throw refused(header.getName());
        }
        long seconds = header.getLastModifiedTime().to(TimeUnit.SECONDS);
        return new Meta(header.getMode() & PERMISSIONS, user, group, Math.max(0, seconds));
    }

    boolean hasFile(String path) {
        var there = nodes.get(resolved(parts(path)));
        return there != null && !(there instanceof Folder);
    }

    /// Splits a name in an archive; empty for the root directory.
    private static List<String> parts(String name) {
        var parts = new ArrayList<String>();
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")
                    || part.indexOf('\0') >= 0
                    || part.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                throw refused(name);
            }
            parts.add(part);
        }
        if (name.length() > LONGEST) {
            throw refused(name);
        }
        return parts;
    }

    /// Follows symbolic links in all but the last part, as a kernel would with this file system as
    /// its root.
    private String resolved(List<String> parts) {
        Deque<String> left = new ArrayDeque<>(parts.subList(0, parts.size() - 1));
        var at = new ArrayList<String>();
        int links = 0;
        while (!left.isEmpty()) {
            String part = left.pop();
            if (part.equals("..")) {
                if (!at.isEmpty()) {
                    at.removeLast();
                }
                continue;
            }
            at.add(part);
            if (nodes.get(String.join("/", at)) instanceof Symlink link) {
                if (++links > MOST_LINKS) {
                    throw refused(String.join("/", parts));
                }
                at.removeLast();
                follow(link.target(), at, left);
            }
        }
        at.add(parts.getLast());
        String path = String.join("/", at);
        if (path.length() > LONGEST) {
            throw refused(path);
        }
        return path;
    }

    private static void follow(String target, List<String> at, Deque<String> left) {
        if (target.startsWith("/")) {
            at.clear();
        }
        for (String part : List.of(target.split("/", -1)).reversed()) {
            if (!part.isEmpty() && !part.equals(".")) {
                left.push(part);
            }
        }
    }

    /// The directory of a path; empty for the root.
    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    static ImageException refused(String name) {
        return new ImageException(
                "the container image has an impossible file: "
                        + SafeText.quoted(name, LONGEST_NAME));
    }
}
