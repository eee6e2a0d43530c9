package airlock.source;

import airlock.event.CommitId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/// Packs a commit of the mirror. The tar gets its final name in `work`, unless the server has it
/// already.
///
/// @param tags those in the commit's history, which are in the mirror too
/// @param work the process's home
record Packing(Repository repository, Order.Fetch order, List<GitTag> tags, Path work) {
    private static final int LONGEST_MESSAGE = 64 << 10;

    Answer pack(CommitId tip) throws IOException {
        try (ObjectReader objects = repository.newObjectReader();
                RevWalk walk = new RevWalk(objects)) {
            RevObject named = walk.peel(walk.parseAny(ObjectId.fromString(order.commit().hex())));
            if (!(named instanceof RevCommit commit)) {
                return new Refused(
                        "%s names no commit but something else".formatted(order.commit()));
            }
            walk.parseBody(commit);
            ObjectId tree = commit.getTree().getId();
            Made tar = tar(objects, commit);
            return new Source(
                    Path.of(tar.name()),
                    tar.sha256(),
                    tar.bytes(),
                    tree.name(),
                    FetchJob.commit(commit),
                    message(commit),
                    tip,
                    planFiles(objects, tree),
                    tar.submodules());
        }
    }

    private static String message(RevCommit commit) {
        String message = commit.getFullMessage();
        int half = LONGEST_MESSAGE / 2;
        return message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, half) + "\n\n" + message.substring(message.length() - half);
    }

    /// A tar in `work`; only the name matters if the server has it already.
    private record Made(String name, String sha256, long bytes, List<String> submodules) {}

    private Made tar(ObjectReader objects, RevCommit commit) throws IOException {
        SourceLimits limits = order.target().limits();
        ObjectId tree = commit.getTree().getId();
        GitRefs refs = GitRefs.of(commit.copy(), order.ref(), tags);
        String key =
                switch (order.git()) {
                    case NONE -> tree.name();
                    case SHALLOW, FULL -> refs.key(order.git());
                };
        String name = TarCache.fileName(key);
        if (order.cached().contains(key)) {
            return new Made(name, "", 0, List.of());
        }
        Path unfinished = Files.createTempFile(work, ".", ".tmp");
        var file = new HashedFile(unfinished);
        List<String> submodules;
        try (file) {
            var tar = new TarWriter(file, limits);
            submodules =
                    switch (order.git()) {
                        case NONE -> new TreePacker(objects, tar, limits).pack(tree);
                        case SHALLOW, FULL -> withGit(objects, tree, refs, tar);
                    };
            tar.finish();
        }
        Files.move(unfinished, work.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        return new Made(name, file.sha256Hex(), Files.size(work.resolve(name)), submodules);
    }

    private List<String> withGit(ObjectReader objects, ObjectId tree, GitRefs refs, TarWriter tar)
            throws IOException {
        Map<String, Long> lengths = tar.keepLengths();
        List<String> submodules = new TreePacker(objects, tar, order.target().limits()).pack(tree);
        Path files = Files.createTempDirectory(work, "git");
        new GitFolder(repository, refs, order.git()).writeTo(tar, lengths, files);
        return submodules;
    }

    private List<CommitFile> planFiles(ObjectReader objects, ObjectId tree) throws IOException {
        List<CommitFile> files = new ArrayList<>();
        for (String path : order.planFiles()) {
            Optional<PlanFolder> folder = PlanFolder.of(path);
            String wanted = folder.map(PlanFolder::path).orElse(path);
            try (TreeWalk entry = TreeWalk.forPath(objects, wanted, tree)) {
                if (entry == null) {
                    continue;
                }
                FileMode mode = entry.getFileMode(0);
                ObjectId id = entry.getObjectId(0);
                if (folder.isEmpty()) {
                    files.add(planFile(objects, path, mode, id));
                } else if (mode.equals(FileMode.TYPE_TREE)) {
                    files.addAll(planFiles(objects, folder.get(), id));
                } else {
                    files.add(folder.get().insteadOf(kind(mode)));
                }
            }
        }
        return files;
    }

    private List<CommitFile> planFiles(ObjectReader objects, PlanFolder folder, ObjectId id)
            throws IOException {
        List<CommitFile> files = new ArrayList<>();
        try (var walk = new TreeWalk(objects)) {
            walk.addTree(id);
            while (files.size() < PlanFolder.MOST && walk.next()) {
                if (folder.has(walk.getNameString())) {
                    files.add(
                            planFile(
                                    objects,
                                    folder.pathOf(walk.getNameString()),
                                    walk.getFileMode(0),
                                    walk.getObjectId(0)));
                }
            }
        }
        return files;
    }

    private CommitFile planFile(ObjectReader objects, String path, FileMode mode, ObjectId id)
            throws IOException {
        if ((mode.getBits() & FileMode.TYPE_MASK) != FileMode.TYPE_FILE) {
            return new CommitFile.NotAFile(path, kind(mode));
        }
        int limit = order.target().limits().planFileSize();
        ObjectLoader blob = objects.open(id);
        return blob.getSize() > limit
                ? new CommitFile.TooLarge(path, blob.getSize(), limit)
                : new CommitFile.Content(path, blob.getCachedBytes(limit));
    }

    private static String kind(FileMode mode) {
        return switch (mode.getBits() & FileMode.TYPE_MASK) {
            case FileMode.TYPE_FILE -> "a file";
            case FileMode.TYPE_TREE -> "a directory";
            case FileMode.TYPE_SYMLINK -> "a symbolic link";
            default -> "a submodule";
        };
    }

    /// A folder of plan files, written as `FOLDER/*ENDING` among the wanted paths.
    ///
    /// @param path from the top of the source tree
    /// @param ending of the plan files' names
    record PlanFolder(String path, String ending) {
        /// How many of its files are read, by name: one more than the limit, so that the caller
        /// sees that there are too many.
        static final int MOST = 65;

        /// The folder that `wanted` names; empty if it names a file.
        static Optional<PlanFolder> of(String wanted) {
            int at = wanted.lastIndexOf("/*");
            return at < 0
                    ? Optional.empty()
                    : Optional.of(
                            new PlanFolder(wanted.substring(0, at), wanted.substring(at + 2)));
        }

        boolean has(String name) {
            return name.endsWith(ending);
        }

        String pathOf(String name) {
            return path + "/" + name;
        }

        /// The plan file if the folder is something else.
        CommitFile insteadOf(String what) {
            return new CommitFile.NotAFile(path, what);
        }
    }
}
