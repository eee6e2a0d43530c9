package airlock.source;

import airlock.text.SafeText;
import java.util.Arrays;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/// A tree object's entries: mode in octal, space, name, NUL, 20 bytes of id (git's
/// `object-store`, "tree object format").
final class TreeEntries {
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
                                    tree.name(), SafeText.quoted(directory + name, SafeText.SAID)));
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
                        .formatted(tree.name(), SafeText.quoted("/" + directory, SafeText.SAID)));
    }
}
