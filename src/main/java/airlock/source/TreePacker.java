package airlock.source;

import airlock.text.SafeText;
import java.io.IOException;
import java.util.ArrayList;
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
}
