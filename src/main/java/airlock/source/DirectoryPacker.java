package airlock.source;

import airlock.source.TreePacker.EntryNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.NameConflictTreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.WorkingTreeIterator;
import org.eclipse.jgit.treewalk.WorkingTreeOptions;
import org.eclipse.jgit.util.FS;

/// Writes a directory into a tar, in the order in which [TreePacker] would write its commit.
final class DirectoryPacker {
    private static final int FILES = 0;
    private static final int INDEX = 1;
    private static final int BUFFER = 64 << 10;

    private final TreeWalk walk;
    private final Path root;
    private final List<String> submodules = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /// Directories entered but not yet in the tar: git has no empty directories.
    private final Deque<String> pending = new ArrayDeque<>();

    /// The last ignored directory that was entered, with a slash at its end.
    private String ignored = "";

    private DirectoryPacker(TreeWalk walk, Path root) {
        this.walk = walk;
        this.root = root;
    }

    /// Packs the working tree of a repository.
    static DirectoryPacker of(Repository repository, Path root) throws IOException {
        var walk = new NameConflictTreeWalk(repository);
        var files = new FileTreeIterator(repository);
        walk.addTree(files);
        walk.addTree(new DirCacheIterator(repository.readDirCache()));
        files.setDirCacheIterator(walk, INDEX);
        return new DirectoryPacker(walk, root);
    }

    /// Packs a directory that is not a repository.
    static DirectoryPacker of(Path root) {
        var walk = new NameConflictTreeWalk(null, null);
        walk.addTree(
                new FileTreeIterator(
                        root.toFile(), FS.DETECTED, new Config().get(WorkingTreeOptions.KEY)));
        walk.addTree(new EmptyTreeIterator());
        return new DirectoryPacker(walk, root);
    }

    List<String> submodules() {
        return submodules;
    }

    /// The paths of files that can't be packed: sockets, pipes, devices.
    List<String> skipped() {
        return skipped;
    }

    void pack(TarWriter tar) throws IOException {
        try (walk) {
            while (walk.next()) {
                if (isWanted(walk.getPathString())) {
                    packEntry(tar, walk.getPathString());
                }
            }
        }
    }

    /// Tracked files are wanted even if they are ignored, so an ignored directory with such a file
    /// is entered, and nothing else in it is packed.
    private boolean isWanted(String path) throws IOException {
        WorkingTreeIterator entry = walk.getTree(FILES, WorkingTreeIterator.class);
        if (entry == null) {
            return false; // tracked, but missing
        }
        boolean inIgnored = !ignored.isEmpty() && path.startsWith(ignored);
        boolean isIgnored = inIgnored || entry.isEntryIgnored();
        if (walk.getTree(INDEX, DirCacheIterator.class) == null) {
            return !isIgnored;
        }
        if (isIgnored && !inIgnored) {
            ignored = path + "/";
        }
        return true;
    }

    private void packEntry(TarWriter tar, String path) throws IOException {
        while (!pending.isEmpty() && !path.startsWith(pending.getLast() + "/")) {
            pending.removeLast();
        }
        String name = walk.getNameString();
        EntryNames.check(
                path.substring(0, path.length() - name.length()),
                name,
                name.getBytes(StandardCharsets.UTF_8).length);
        FileMode mode = walk.getFileMode(FILES);
        if (FileMode.GITLINK.equals(mode) || FileMode.GITLINK.equals(walk.getFileMode(INDEX))) {
            enter(tar);
            tar.submodule(path);
            submodules.add(path);
        } else if (FileMode.TREE.equals(mode)) {
            pending.addLast(path);
            walk.enterSubtree();
        } else {
            packFile(tar, path, FileMode.EXECUTABLE_FILE.equals(mode));
        }
    }

    private void enter(TarWriter tar) throws IOException {
        for (String directory : pending) {
            tar.directory(directory);
        }
        pending.clear();
    }

    private void packFile(TarWriter tar, String path, boolean executable) throws IOException {
        Path file = root.resolve(path);
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            enter(tar);
            tar.link(path, Files.readSymbolicLink(file).toString());
        } else if (attributes.isRegularFile()) {
            enter(tar);
            tar.file(path, executable, attributes.size(), out -> copy(file, attributes, out));
        } else {
            skipped.add(path);
        }
    }

    private static void copy(Path file, BasicFileAttributes attributes, OutputStream out)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = attributes.size();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(BUFFER, left));
                if (count < 0) {
                    break;
                }
                out.write(buffer, 0, count);
                left -= count;
            }
            if (left > 0 || in.read() >= 0) {
                throw SourceException.refusal("a file changed while it was packed: " + file);
            }
        }
    }
}
