package airlock.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.InvalidPathException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.FS;

/// The index of a delivered `.git` (gitformat-index(5)), with the times and lengths that the files
/// have when they come out of the tar, so that git need not read them to see that nothing changed.
final class GitIndex {
    private GitIndex() {}

    /// Writes it into the new file `index`.
    ///
    /// @param lengths by path, of the files and links that equal those of the commit; git reads all
    ///     others
    static void write(ObjectReader objects, ObjectId tree, Map<String, Long> lengths, Path index)
            throws IOException {
        var cache = new DirCache(index.toFile(), FS.DETECTED);
        if (!cache.lock()) {
            throw new IOException("the new index " + index + " is locked");
        }
        DirCacheBuilder entries = cache.builder();
        try (var walk = new TreeWalk(objects)) {
            walk.setRecursive(true);
            walk.addTree(tree);
            while (walk.next()) {
                entries.add(entry(walk, lengths));
            }
        } catch (InvalidPathException e) {
            throw SourceException.refusal("the commit has " + e.getMessage());
        }
        entries.finish();
        cache.write();
        if (!cache.commit()) {
            throw new IOException("the new index " + index + " could not be written");
        }
    }

    private static DirCacheEntry entry(TreeWalk walk, Map<String, Long> lengths) {
        FileMode mode = walk.getFileMode(0);
        var entry = new DirCacheEntry(walk.getRawPath());
        entry.setFileMode(mode);
        entry.setObjectId(walk.getObjectId(0));
        Long length = lengths.get(walk.getPathString());
        if (length != null && !FileMode.GITLINK.equals(mode)) {
            entry.setLastModified(Instant.EPOCH);
            entry.setLength(length);
        }
        return entry;
    }
}
