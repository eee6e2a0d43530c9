package airlock.source;

import airlock.base.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.InflaterCache;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;
import org.jspecify.annotations.Nullable;

/// The bare repository of earlier fetches, which makes the next fetch small. Only a cache: one with
/// too many packs, or a damaged one, is removed.
///
/// It is lent to one process at a time ([Lender]); others wait.
final class GitMirror extends FileRepository {
    static final String LENT = "mirror.git";

    static final String GONE = ".gone";

    /// Each fetch adds a pack, and each lookup of an object searches all of them.
    private static final int MOST_PACKS = 50;

    /// Trees may be larger than the largest file of a repository whose limit is small.
    private static final long SMALLEST_LIMIT = 16L << 20;

    private static final PathMatcher UNFINISHED =
            FileSystems.getDefault().getPathMatcher("glob:**/{*.lock,incoming_*}");

    private final long largest;
    private final Inflated inflated = new Inflated();

    /// @param largest object, in bytes
    private GitMirror(BaseRepositoryBuilder<?, ?> options, long largest) throws IOException {
        super(options);
        this.largest = largest;
    }

    static GitMirror open(Path directory, SourceLimits limits) throws IOException {
        if (Files.exists(directory)) {
            if (isUseless(directory)) {
                Trees.remove(directory);
            } else {
                removeUnfinished(directory);
            }
        }
        FileRepositoryBuilder options =
                new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare();
        var mirror = new GitMirror(options.setup(), Math.max(limits.fileSize(), SMALLEST_LIMIT));
        if (!Files.exists(directory)) {
            mirror.create(true);
        }
        return mirror;
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

    /// Checks and counts the objects that it receives.
    Inflated inflated() {
        return inflated;
    }

    /// Refuses objects larger than a limit, however small their compressed form: JGit has that
    /// limit only for pushes.
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

    boolean has(ObjectId id) throws IOException {
        return getObjectDatabase().has(id);
    }

    /// Those of `refs` whose objects it does not have.
    List<Ref> lacking(List<? extends Ref> refs) throws IOException {
        List<Ref> lacking = new ArrayList<>();
        for (Ref ref : refs) {
            if (!has(ref.getObjectId())) {
                lacking.add(ref);
            }
        }
        return lacking;
    }

    /// Keeps the object of the forge's `ref`, so that the next fetch can build on it.
    void keep(String ref, ObjectId id) throws IOException {
        RefUpdate update = updateRef(localName(ref));
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

    private static boolean isUseless(Path directory) throws IOException {
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
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(UNFINISHED::matches).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Checks the objects that a forge sends, and limits how many bytes JGit unpacks for them: a
    /// pack of a few megabytes may hold terabytes, and JGit limits only the size of a single
    /// object.
    ///
    /// Counts the bytes from the parser's inflater (whole objects and deltas) and those of objects
    /// assembled from deltas. For one thread.
    static final class Inflated extends ObjectChecker {
        private long limit = Long.MAX_VALUE;
        private long left = Long.MAX_VALUE;

        /// As strict as git itself, which allows these two since old programs wrote them.
        Inflated() {
            setAllowInvalidPersonIdent(true);
            setAllowLeadingZeroFileMode(true);
        }

        void begin(long most) {
            limit = most;
            left = most;
        }

        /// Stops counting, since JGit may use a counted inflater to read objects later.
        void end() {
            begin(Long.MAX_VALUE);
        }

        /// A parser with a counted inflater: it takes the one that JGit's cache was given last.
        PackParser parser(ObjectInserter objects, InputStream in) throws IOException {
            InflaterCache.get().end(); // a full cache would take none
            InflaterCache.release(new Counted());
            return objects.newPackParser(in);
        }

        @Override
        public void check(@Nullable AnyObjectId id, int type, byte[] object)
                throws CorruptObjectException {
            spend(object.length);
            super.check(id, type, object);
        }

        private void spend(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw SourceException.refusal(
                        "objects that unpack to more than %,d bytes, the limit that follows from `source_size`"
                                .formatted(limit));
            }
        }

        private final class Counted extends Inflater {
            @Override
            public int inflate(byte[] output, int from, int length) throws DataFormatException {
                int count = super.inflate(output, from, length);
                spend(count);
                return count;
            }
        }
    }
}
