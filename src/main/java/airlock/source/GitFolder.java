package airlock.source;

import airlock.event.GitDepth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.InvalidPathException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.FS;

/// Builds a fresh `.git` for a tar (H1): the objects that its refs lead to, a fixed configuration
/// and an index; no remotes, hooks, reflogs or alternates.
///
/// @param repository the one that holds the objects
/// @param refs the refs to deliver
/// @param depth [GitDepth#SHALLOW] or [GitDepth#FULL]
record GitFolder(Repository repository, GitRefs refs, GitDepth depth) {
    /// Runs no program and leads nowhere else. The times in a tar have no fractions; inodes and
    /// owners are those of the machine that unpacks it.
    private static final String CONFIG =
            """
            [core]
            	repositoryformatversion = 0
            	filemode = true
            	bare = false
            	logallrefupdates = false
            	checkStat = minimal
            	trustctime = false
            [gc]
            	auto = 0
            [maintenance]
            	auto = false
            """;

    /// Appends it to the files in the tar.
    ///
    /// @param lengths by path, of the files and links in the tar that equal those of the commit;
    ///     git reads all others
    /// @param work an empty directory for files that the caller removes
    void writeTo(TarWriter tar, Map<String, Long> lengths, Path work) throws IOException {
        try (ObjectReader objects = repository.newObjectReader();
                RevWalk walk = new RevWalk(objects)) {
            RevCommit commit = walk.parseCommit(refs.commit());
            Path index = work.resolve("index");
            writeIndex(objects, commit.getTree().getId(), lengths, index);
            Set<ObjectId> cut =
                    depth == GitDepth.SHALLOW ? Set.of(refs.commit()) : Set.<ObjectId>of();
            GitPack pack = GitPack.write(objects, refs.roots(), cut, tar.room(), work);
            tar.directory(".git");
            text(tar, "HEAD", refs.head());
            text(tar, "config", CONFIG);
            file(tar, "index", index);
            tar.directory(".git/objects");
            tar.directory(".git/objects/info");
            tar.directory(".git/objects/pack");
            file(tar, "objects/pack/" + pack.name() + ".idx", pack.index());
            file(tar, "objects/pack/" + pack.name() + ".pack", pack.pack());
            text(tar, "packed-refs", refs.packed());
            tar.directory(".git/refs");
            tar.directory(".git/refs/heads");
            tar.directory(".git/refs/tags");
            if (!pack.shallow().isEmpty()) {
                text(tar, "shallow", lines(pack.shallow()));
            }
        }
    }

    private static String lines(Set<ObjectId> ids) {
        return ids.stream()
                .map(ObjectId::name)
                .sorted()
                .map(id -> id + "\n")
                .collect(Collectors.joining());
    }

    private static void text(TarWriter tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.gitFile(".git/" + name, bytes.length, out -> out.write(bytes));
    }

    private static void file(TarWriter tar, String name, Path file) throws IOException {
        tar.gitFile(".git/" + name, Files.size(file), out -> Files.copy(file, out));
    }

    /// Writes an index (gitformat-index(5)) with the times and lengths that the files have when
    /// they come out of the tar, so that git need not read them to see that nothing changed.
    private static void writeIndex(
            ObjectReader objects, ObjectId tree, Map<String, Long> lengths, Path index)
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
