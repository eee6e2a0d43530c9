package airlock.source;

import airlock.text.SafeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/// Writes a git tree into a tar in git's order: by the bytes of paths, with a slash at the end of
/// directories. Checks every name ([EntryNames]), though the object checker did so when the tree
/// was received. Copies blobs unchanged: no attributes, filters or line-end conversion.
final class TreePacker {
    /// A tree of a million entries has about 40 MB.
    private static final int LARGEST_TREE = 64 << 20;

    private static final int LARGEST_LINK = 4096;

    private final ObjectReader objects;
    private final TarWriter tar;
    private final int deepest;
    private final List<String> submodules = new ArrayList<>();

    TreePacker(ObjectReader objects, TarWriter tar, SourceLimits limits) {
        this.objects = objects;
        this.tar = tar;
        this.deepest = limits.depth();
    }

    /// Writes all entries below `tree`; returns the paths of the submodules.
    ///
    /// @throws SourceException a refusal, if the tree is hostile or too large
    List<String> pack(ObjectId tree) throws IOException {
        packTree(tree, "", 1);
        return List.copyOf(submodules);
    }

    private void packTree(ObjectId id, String directory, int depth) throws IOException {
        if (depth > deepest) {
            throw SourceException.refusal(
                    "the tree is more than %d directories deep: %s"
                            .formatted(deepest, SafeText.quoted(directory, SafeText.SAID)));
        }
        ObjectLoader loader = objects.open(id, Constants.OBJ_TREE);
        if (loader.getSize() > LARGEST_TREE) {
            throw SourceException.refusal("a directory is too large: " + directory);
        }
        var entries = new TreeEntries(id, directory, loader.getCachedBytes(LARGEST_TREE));
        var names = new HashSet<String>();
        while (entries.next()) {
            String path = directory + entries.name();
            if (!names.add(entries.name())) {
                throw SourceException.refusal(
                        "the tree holds a name twice: " + SafeText.quoted(path, SafeText.SAID));
            }
            packEntry(entries, path, depth);
        }
    }

    private void packEntry(TreeEntries entry, String path, int depth) throws IOException {
        switch (entry.mode() & FileMode.TYPE_MASK) {
            case FileMode.TYPE_TREE -> {
                tar.directory(path);
                packTree(entry.id(), path + "/", depth + 1);
            }
            case FileMode.TYPE_FILE -> packFile(entry.id(), path, (entry.mode() & 0111) != 0);
            case FileMode.TYPE_SYMLINK -> packLink(entry.id(), path);
            case FileMode.TYPE_GITLINK -> {
                tar.submodule(path);
                submodules.add(path);
            }
            default ->
                    throw SourceException.refusal(
                            "the tree holds an entry of unknown mode %o: %s"
                                    .formatted(entry.mode(), SafeText.quoted(path, SafeText.SAID)));
        }
    }

    private void packFile(AnyObjectId id, String path, boolean executable) throws IOException {
        ObjectLoader blob = objects.open(id, Constants.OBJ_BLOB);
        tar.file(path, executable, blob.getSize(), blob::copyTo);
    }

    private void packLink(AnyObjectId id, String path) throws IOException {
        ObjectLoader blob = objects.open(id, Constants.OBJ_BLOB);
        byte[] bytes =
                blob.getSize() > LARGEST_LINK
                        ? new byte[0] // the tar refuses that, too
                        : blob.getCachedBytes();
        tar.link(path, EntryNames.text(bytes, 0, bytes.length, "a symbolic link's target"));
    }

    /// A tree object's entries: mode in octal, space, name, NUL, 20 bytes of id (git's
    /// `object-store`, "tree object format").
    static final class TreeEntries {
        private static final int ID_LENGTH = 20;

        /// Six digits, and the zero that old programs put before them.
        private static final int MODE_LENGTH = 7;

        private final ObjectId tree;
        private final String directory;
        private final byte[] raw;
        private int position;
        private int mode;
        private String name = "";
        private ObjectId id = ObjectId.zeroId();
        private byte[] sortKey = new byte[0];

        TreeEntries(ObjectId tree, String directory, byte[] raw) {
            this.tree = tree;
            this.directory = directory;
            this.raw = raw;
        }

        int mode() {
            return mode;
        }

        String name() {
            return name;
        }

        ObjectId id() {
            return id;
        }

        boolean next() {
            if (position == raw.length) {
                return false;
            }
            int space = find(' ', position, MODE_LENGTH + 1);
            mode = readMode(position, space);
            int end = find('\0', space + 1, raw.length);
            name = EntryNames.text(raw, space + 1, end, "a name in the tree");
            EntryNames.check(directory, name, end - space - 1);
            if (end + 1 + ID_LENGTH > raw.length) {
                throw malformed();
            }
            id = ObjectId.fromRaw(raw, end + 1);
            position = end + 1 + ID_LENGTH;
            checkOrder(space + 1, end);
            return true;
        }

        private void checkOrder(int from, int to) {
            boolean directoryEntry = (mode & FileMode.TYPE_MASK) == FileMode.TYPE_TREE;
            byte[] key = Arrays.copyOfRange(raw, from, directoryEntry ? to + 1 : to);
            if (directoryEntry) {
                key[key.length - 1] = '/';
            }
            if (Arrays.compareUnsigned(sortKey, key) > 0) {
                throw SourceException.refusal(
                        "the tree %s is not sorted at %s"
                                .formatted(
                                        tree.name(),
                                        SafeText.quoted(directory + name, SafeText.SAID)));
            }
            sortKey = key;
        }

        private int readMode(int from, int to) {
            int value = 0;
            for (int i = from; i < to; i++) {
                if (raw[i] < '0' || raw[i] > '7') {
                    throw malformed();
                }
                value = value * 8 + raw[i] - '0';
            }
            return value;
        }

        private int find(char wanted, int from, int longest) {
            int limit = (int) Math.min(raw.length, (long) from + longest);
            for (int i = from; i < limit; i++) {
                if (raw[i] == wanted) {
                    return i;
                }
            }
            throw malformed();
        }

        private SourceException malformed() {
            return SourceException.refusal(
                    "the tree %s (%s) is malformed"
                            .formatted(
                                    tree.name(), SafeText.quoted("/" + directory, SafeText.SAID)));
        }
    }
}
