package airlock.source;

import airlock.text.SafeText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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

    /// Writes all entries below `tree`; returns the paths of the submodules. Fails with a refusal
    /// if the tree is hostile or too large.
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

    /// The names that an entry of a tree may have (H1). Git's own checks depend on the platform; a
    /// tar may be unpacked on any, so names that NTFS or HFS+ would take for `.git` are refused as
    /// well.
    static final class EntryNames {
        private static final int LONGEST = 255;

        /// The zero-width and directional characters of Apple's TN1150, as git lists them too.
        private static final Pattern IGNORED_BY_HFS =
                Pattern.compile("[\\u200c-\\u200f\\u202a-\\u202e\\u206a-\\u206f\\ufeff]");

        private EntryNames() {}

        /// Decodes a name; fails with a refusal that says `what` if the bytes are not UTF-8.
        static String text(byte[] bytes, int from, int to, String what) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, from, to - from))
                        .toString();
            } catch (CharacterCodingException e) {
                String shown = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
                throw SourceException.refusal(
                        what + " is not UTF-8: " + SafeText.quoted(shown, SafeText.SAID));
            }
        }

        /// Fails with a refusal if `name` must not be in a tree.
        ///
        /// @param directory the path of its directory with a slash at the end, empty at the top
        /// @param bytes how long the name is in UTF-8
        static void check(String directory, String name, int bytes) {
            String reason = "";
            if (name.isEmpty()) {
                reason = "an empty name";
            } else if (name.indexOf('\0') >= 0 || name.indexOf('/') >= 0) {
                reason = "a name with a slash or NUL";
            } else if (bytes > LONGEST) {
                reason = "a name longer than " + LONGEST + " bytes";
            } else if (isDots(visible(name))) {
                reason = "a name that means this or the upper directory";
            } else if (isGit(name)) {
                reason = "a name that some file systems take for .git";
            }
            if (!reason.isEmpty()) {
                throw SourceException.refusal(
                        "the tree holds "
                                + reason
                                + ": "
                                + SafeText.quoted(directory + name, SafeText.SAID));
            }
        }

        private static boolean isDots(String name) {
            return name.equals(".") || name.equals("..");
        }

        private static boolean isGit(String name) {
            String lower = visible(name).toLowerCase(Locale.ROOT);
            if (!lower.contains("git")) {
                return false; // the quick way out for nearly all names
            }
            // on NTFS, `\` separates directories, and `:` begins the name of a stream
            for (String part : lower.split("\\\\", -1)) {
                String base = part.split(":", -1)[0].replaceAll("[. ]+$", "");
                if (base.equals(".git") || base.matches("git~[0-9]+")) {
                    return true;
                }
            }
            return false;
        }

        private static String visible(String name) {
            return IGNORED_BY_HFS.matcher(name).replaceAll("");
        }
    }
}
