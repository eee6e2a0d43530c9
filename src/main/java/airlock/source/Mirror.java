package airlock.source;

import airlock.base.Trees;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// The bare repository that holds what was fetched before, so that the next fetch is small.
/// Nothing depends on it: one that has grown too many packs, or is damaged, is thrown away.
///
/// One process at a time has it, in its home ([Lender]); others wait.
final class Mirror implements Closeable {
    /// What a mirror is called in the home of the fetch process that has it.
    static final String LENT = "mirror.git";

    /// Ends the name of a mirror that is being removed.
    static final String GONE = ".gone";

    /// Each fetch makes a pack, and looking an object up asks each of them.
    private static final int MOST_PACKS = 50;

    /// Trees may be larger than the largest file of a repository whose limit is small.
    private static final long SMALLEST_LIMIT = 16L << 20;

    private final MirrorRepository repository;

    private Mirror(MirrorRepository repository) {
        this.repository = repository;
    }

    /// Opens it, making it where there is none.
    static Mirror open(Path directory, SourceLimits limits) throws IOException {
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
        return new Mirror(repository);
    }

    /// Where the full history of branches is kept, whose objects a mirror of single commits must
    /// not take for complete.
    static Path historyOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".history");
    }

    /// Where commits with all their history and files are kept: in the mirror of single commits a
    /// later fetch would cut that history off again.
    static Path fullOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".full");
    }

    MirrorRepository repository() {
        return repository;
    }

    boolean has(ObjectId id) throws IOException {
        return repository.getObjectDatabase().has(id);
    }

    /// Keeps what `ref` of the forge led to, as something that the next fetch can build on.
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

    /// The same for every `ref`, and never in the way of another: `a` and `a/b` can't both be
    /// files.
    static String localName(String ref) {
        return "refs/airlock/" + UUID.nameUUIDFromBytes(ref.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        repository.close();
    }

    /// Removes the mirror in `directory`, unless it is lent; says whether it is gone. It gets
    /// another name first, so that a crash never leaves half of one under its own.
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

    /// Half made, or full.
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

    /// Removes what processes left that were killed while they wrote. A ref's lock would keep the
    /// ref from being set for ever.
    private static void removeUnfinished(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Mirror::isUnfinished).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// How JGit names what it writes before it is whole.
    private static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".lock") || name.startsWith("incoming_");
    }
}
