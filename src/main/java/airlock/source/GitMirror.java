package airlock.source;

import airlock.base.Trees;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;

/// The bare repository of earlier fetches, which makes the next fetch small. Only a cache: one with
/// too many packs, or a damaged one, is removed.
///
/// It is lent to one process at a time ([Lender]); others wait.
final class GitMirror implements Closeable {
    /// The mirror's name in the home of a fetch process.
    static final String LENT = "mirror.git";

    /// Suffix of a mirror that is being removed.
    static final String GONE = ".gone";

    /// Each fetch adds a pack, and each lookup of an object searches all of them.
    private static final int MOST_PACKS = 50;

    /// Trees may be larger than the largest file of a repository whose limit is small.
    private static final long SMALLEST_LIMIT = 16L << 20;

    private final MirrorRepository repository;

    private GitMirror(MirrorRepository repository) {
        this.repository = repository;
    }

    /// Opens it; makes it if it is missing.
    static GitMirror open(Path directory, SourceLimits limits) throws IOException {
        if (isUseless(directory)) {
            Trees.remove(directory);
        }
        removeUnfinished(directory);
        FileRepositoryBuilder options =
                new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare();
        var repository =
                new MirrorRepository(options.setup(), Math.max(limits.fileSize(), SMALLEST_LIMIT));
        if (!Files.exists(directory)) {
            repository.create(true);
        }
        return new GitMirror(repository);
    }

    /// The mirror for full histories of branches without files. A mirror of single commits must not
    /// take its objects for complete.
    static Path historyOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".history");
    }

    /// The mirror for commits with all their history and files. In the mirror of single commits, a
    /// later fetch would cut off that history.
    static Path fullOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".full");
    }

    MirrorRepository repository() {
        return repository;
    }

    boolean has(ObjectId id) throws IOException {
        return repository.getObjectDatabase().has(id);
    }

    /// Keeps the object of the forge's `ref`, so that the next fetch can build on it.
    void keep(String ref, ObjectId id) throws IOException {
        RefUpdate update = repository.updateRef(localName(ref));
        update.setNewObjectId(id);
        update.disableRefLog();
        RefUpdate.Result result = update.forceUpdate();
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            default ->
                    throw new IOException(
                            "the mirror's ref for " + ref + " could not be set: " + result);
        }
    }

    /// The local name for `ref`: unlike `a` and `a/b`, no two of these conflict as files.
    static String localName(String ref) {
        return "refs/airlock/" + UUID.nameUUIDFromBytes(ref.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        repository.close();
    }

    /// Removes the mirror in `directory` unless it is lent; returns whether it did. Renames it
    /// first, so that a crash never leaves half a mirror under its own name.
    static boolean remove(Path directory) throws IOException {
        Path gone = directory.resolveSibling(directory.getFileName() + GONE);
        try {
            Trees.remove(gone);
            Files.move(directory, gone, StandardCopyOption.ATOMIC_MOVE);
            Trees.remove(gone);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// Whether it is incomplete or has too many packs.
    private static boolean isUseless(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return false;
        }
        Path packs = directory.resolve("objects/pack");
        if (!Files.exists(directory.resolve("HEAD")) || !Files.isDirectory(packs)) {
            return true;
        }
        try (Stream<Path> files = Files.list(packs)) {
            return files.filter(file -> file.toString().endsWith(".pack")).count() > MOST_PACKS;
        }
    }

    /// Removes files that killed processes left. A stale lock would block its ref for ever.
    private static void removeUnfinished(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(GitMirror::isUnfinished).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// JGit's names for unfinished files.
    private static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".lock") || name.startsWith("incoming_");
    }

    /// A repository that refuses objects larger than a limit, however small their compressed form:
    /// JGit has that limit only for pushes.
    static final class MirrorRepository extends FileRepository {
        private final long largest;
        private final Inflated inflated = new Inflated();

        /// @param largest in bytes
        MirrorRepository(BaseRepositoryBuilder<?, ?> options, long largest) throws IOException {
            super(options);
            this.largest = largest;
        }

        /// Checks and counts the objects that it receives.
        Inflated inflated() {
            return inflated;
        }

        @Override
        public ObjectInserter newObjectInserter() {
            ObjectInserter inserter = super.newObjectInserter();
            return new ObjectInserter.Filter() {
                @Override
                protected ObjectInserter delegate() {
                    return inserter;
                }

                @Override
                public PackParser newPackParser(InputStream in) throws IOException {
                    PackParser parser = inflated.parser(inserter, in);
                    parser.setMaxObjectSizeLimit(largest);
                    return parser;
                }
            };
        }
    }
}
