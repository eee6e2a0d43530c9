package airlock.source;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.storage.pack.PackConfig;

/// The objects of a delivered `.git`: one pack and its index, in files (gitformat-pack(5)).
///
/// @param name of both files in `.git/objects/pack`, without an ending
/// @param shallow the commits without their parents
record GitPack(String name, Path pack, Path index, Set<ObjectId> shallow) {
    /// Each takes some 200 bytes of the fetch process's heap while they are packed.
    private static final int MOST_OBJECTS = 2_000_000;

    private static final int INDEX_VERSION = 2;

    static final String CURE =
            "; with `git: shallow` in .airlock.yaml the history stays where it is (a plan in "
                    + "Ambient's file always has it)";

    /// Packs all objects that `roots` lead to, and no others.
    ///
    /// @param cut the commits to pack without their parents, besides those whose parents are
    ///     missing
    /// @param room how many bytes both files together may have
    static GitPack write(
            ObjectReader objects, Set<ObjectId> roots, Set<ObjectId> cut, long room, Path directory)
            throws IOException {
        Path pack = directory.resolve("history.pack");
        Path index = directory.resolve("history.idx");
        try (var writer = new PackWriter(config(), objects)) {
            writer.setUseBitmaps(false);
            writer.setUseCachedPacks(false);
            writer.setDeltaBaseAsOffset(true);
            writer.preparePack(new Count(), roots, PackWriter.NONE, cut);
            var budget = new Budget(room);
            try (var out = budget.open(pack)) {
                writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, out);
            }
            try (var out = budget.open(index)) {
                writer.writeIndex(out);
            }
            Set<ObjectId> ends = new HashSet<>(objects.getShallowCommits());
            ends.addAll(cut);
            Set<ObjectId> shallow = new HashSet<>();
            for (ObjectId end : ends) {
                if (writer.get(end) != null && hasParents(objects, end)) {
                    shallow.add(end);
                }
            }
            return new GitPack("pack-" + writer.computeName().name(), pack, index, shallow);
        }
    }

    /// Whether the commit names parents; the repository may lack them.
    private static boolean hasParents(ObjectReader objects, ObjectId commit) throws IOException {
        return RevCommit.parse(objects.open(commit).getCachedBytes()).getParentCount() > 0;
    }

    /// Reuses what the forge has compressed, which is most of it.
    private static PackConfig config() {
        var config = new PackConfig();
        config.setReuseObjects(true);
        config.setReuseDeltas(true);
        config.setDeltaCompress(false);
        config.setIndexVersion(INDEX_VERSION);
        config.setThreads(1);
        return config;
    }

    static void checkCount(long objects) {
        if (objects > MOST_OBJECTS) {
            throw SourceException.refusal(
                    "the commit's history has more than %,d objects%s"
                            .formatted(MOST_OBJECTS, CURE));
        }
    }

    private static final class Count extends EmptyProgressMonitor {
        private long objects;

        @Override
        public void update(int completed) {
            objects += completed;
            checkCount(objects);
        }
    }

    private static final class Budget {
        private final long room;
        private long left;

        Budget(long room) {
            this.room = room;
            this.left = room;
        }

        OutputStream open(Path path) throws IOException {
            var file = Files.newOutputStream(path);
            return new BufferedOutputStream(
                    new FilterOutputStream(file) {
                        @Override
                        public void write(byte[] bytes, int from, int length) throws IOException {
                            spend(length);
                            file.write(bytes, from, length);
                        }
                    });
        }

        private void spend(int count) {
            left -= count;
            if (left < 0) {
                throw SourceException.refusal(
                        "the commit's history takes more than the %,d bytes that its files leave of the limit of this repository%s"
                                .formatted(room, CURE));
            }
        }
    }
}
