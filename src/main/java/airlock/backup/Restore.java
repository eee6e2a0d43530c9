package airlock.backup;

import airlock.backup.Layout.BackupSums;
import airlock.backup.Layout.Head;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.base.Trees;
import airlock.store.DatabaseFile;
import airlock.store.StoreException;
import airlock.text.SafeText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/// Restores a state directory from a backup. It unpacks and checks everything in a temporary
/// directory first, and moves the database last.
///
/// **Failures**: a [BackupException]; the directory is then unchanged.
public final class Restore {
    private static final String PART = "restoring.part";

    /// Files that an empty state directory may contain.
    private static final Set<String> LOCKS = Set.of("lock", "removing.lock");

    private final Path state;
    private final boolean keyIsElsewhere;

    /// @param state the directory to fill, empty or missing
    /// @param keyIsElsewhere whether the master key is outside the state directory, so that no
    ///     backup has it
    public Restore(Path state, boolean keyIsElsewhere) {
        this.state = state.toAbsolutePath();
        this.keyIsElsewhere = keyIsElsewhere;
    }

    /// The result.
    ///
    /// @param made when the backup was made, ISO 8601
    /// @param open how many requests and runs continue when a server starts
    public record Restored(int files, String made, long open) {}

    /// Checks that the directory is empty.
    ///
    /// @throws BackupException if it contains anything that the restore would mix with
    public void refuseUsed() {
        if (!Files.exists(state)) {
            return;
        }
        try (Stream<Path> entries = Files.list(state)) {
            var other =
                    entries.map(entry -> entry.getFileName().toString())
                            .filter(name -> !LOCKS.contains(name))
                            .findFirst();
            if (other.isPresent()) {
                throw new BackupException(
                        "%s is not empty (it has '%s'): restore into an empty directory, or move that one away first"
                                .formatted(state, other.get()));
            }
        } catch (IOException e) {
            throw new BackupException("cannot look into " + state + ": " + e, e);
        }
    }

    /// Whether a restore into `state` was interrupted, so that its contents are incomplete.
    public static boolean isUnfinished(Path state) {
        return Files.exists(state.resolve(PART));
    }

    /// Restores `backup`. The directory must exist, and the caller must have locked it.
    public Restored from(Path backup) {
        refuseUsed();
        Path part = state.resolve(PART);
        try {
            OwnFiles.makeDirectories(part);
            Unpacking.Unpacked unpacked;
            try (InputStream in = Files.newInputStream(backup)) {
                unpacked = new Unpacking(part).all(in);
            }
            long open = settle(part, unpacked);
            moveIn(part, unpacked.names());
            return new Restored(unpacked.names().size(), unpacked.head().made(), open);
        } catch (IOException | StoreException e) {
            throw new BackupException(
                    "cannot restore " + backup + " into " + state + ": " + e.getMessage(), e);
        } finally {
            remove(part);
        }
    }

    private static void remove(Path part) {
        try {
            Trees.remove(part);
        } catch (IOException e) {
            throw new BackupException("cannot remove " + part + ": " + e, e);
        }
    }

    /// Checks that all files of the rows exist, and adapts paths in the rows to the new directory.
    private long settle(Path part, Unpacking.Unpacked unpacked) throws IOException {
        Path database = part.resolve(Layout.DATABASE);
        DatabaseFile.damage(database)
                .ifPresent(
                        how -> {
                            throw new BackupException("the backup's database is damaged: " + how);
                        });
        try (var snapshot = new Snapshot(database)) {
            var names = Set.copyOf(unpacked.names());
            snapshot.blobs(hashes -> hashes.forEach(hash -> refuseLack(names, hash)));
            if (snapshot.hasSealed() && !keyIsElsewhere && !names.contains(Layout.KEY)) {
                throw new BackupException(
                        "the backup has sealed secrets, but lacks %s, the master key that opens them; if that lies elsewhere, say --key-elsewhere"
                                .formatted(Layout.KEY));
            }
            snapshot.moved(Path.of(unpacked.head().state()), state);
            return snapshot.open();
        }
    }

    private static void refuseLack(Set<String> names, String hash) {
        if (!names.contains(Layout.blob(hash))) {
            throw new BackupException("the backup lacks the output " + hash);
        }
    }

    private void moveIn(Path part, List<String> names) throws IOException {
        var ordered = new ArrayList<>(names);
        ordered.remove(Layout.DATABASE);
        ordered.add(Layout.DATABASE);
        for (String name : ordered) {
            Path target = state.resolve(name);
            OwnFiles.makeDirectories(target.resolveSibling(""));
            OwnFiles.move(part.resolve(name), target);
        }
        OwnFiles.force(state);
    }

    /// Unpacks a backup without trusting it: only regular files with names that a state directory
    /// has, each once, and only if all match the checksums at the end.
    static final class Unpacking {
        private static final int PIECE = 1 << 20;
        private static final int LONGEST_HEAD = 1 << 16;
        private static final int LONGEST_SUMS = 256 << 20;

        private final Path directory;
        private final BackupSums sums = new BackupSums();
        private final List<String> names = new ArrayList<>();

        /// @param directory an empty directory
        Unpacking(Path directory) {
            this.directory = directory;
        }

        /// The contents of a backup whose checksums match.
        ///
        /// @param names of its files, below the state directory
        record Unpacked(Head head, List<String> names) {
            Unpacked {
                names = List.copyOf(names);
            }
        }

        /// Unpacks everything.
        ///
        /// @throws BackupException if it is torn, damaged, or not a backup of Airlock
        Unpacked all(InputStream in) throws IOException {
            try (var tar =
                    new TarArchiveInputStream(
                            new BufferedInputStream(in, PIECE), StandardCharsets.UTF_8.name())) {
                Head head = head(tar);
                for (var entry = next(tar); entry != null; entry = next(tar)) {
                    if (entry.getName().equals(Layout.SUMS)) {
                        sums.check(text(tar, entry, LONGEST_SUMS));
                        return new Unpacked(head, whole(tar));
                    }
                    file(tar, entry);
                }
                throw new BackupException(
                        "the backup is torn: it ends after "
                                + names.size()
                                + " files, without its checksums");
            }
        }

        /// commons-compress throws unchecked exceptions for some malformed headers.
        private @Nullable TarArchiveEntry next(TarArchiveInputStream tar) {
            try {
                return tar.getNextEntry();
            } catch (IOException | IllegalArgumentException | IllegalStateException e) {
                throw new BackupException(
                        "the backup is torn or damaged after %d files: %s"
                                .formatted(names.size(), e.getMessage()),
                        e);
            }
        }

        private Head head(TarArchiveInputStream tar) throws IOException {
            var entry = next(tar);
            if (entry == null || !entry.getName().equals(Layout.HEAD)) {
                throw new BackupException(
                        "this is no backup of airlock: it does not begin with " + Layout.HEAD);
            }
            String text = text(tar, entry, LONGEST_HEAD);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            sums.add(Layout.HEAD, bytes.length, Hash.sha256(bytes));
            return Head.read(bytes);
        }

        private static String text(TarArchiveInputStream tar, TarArchiveEntry entry, int longest)
                throws IOException {
            if (!isPlain(entry) || entry.getSize() > longest) {
                throw new BackupException("the backup's " + entry.getName() + " is no small file");
            }
            return new String(tar.readNBytes((int) entry.getSize()), StandardCharsets.UTF_8);
        }

        /// `isFile()` of commons-compress is true for devices too.
        private static boolean isPlain(TarArchiveEntry entry) {
            byte type = entry.getLinkFlag();
            return (type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM)
                    && !entry.isSparse()
                    && entry.getSize() >= 0;
        }

        private void file(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
            String name = entry.getName();
            if (!Layout.isKept(name) || !isPlain(entry)) {
                throw new BackupException(
                        "the backup has something that no state has: "
                                + SafeText.line(name, SafeText.SAID));
            }
            Path file = directory.resolve(name);
            OwnFiles.makeDirectories(file.resolveSibling(""));
            if (Files.exists(file)) {
                throw new BackupException("the backup has " + name + " twice");
            }
            String hash = copy(tar, entry, file);
            sums.add(name, entry.getSize(), hash);
            if (name.startsWith("blobs/") && !name.contains(hash)) {
                throw new BackupException("the backup is damaged: " + name + " has other bytes");
            }
            names.add(name);
        }

        /// Returns the hash.
        private static String copy(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
                throws IOException {
            var sum = Hash.sha256();
            try (var channel = OwnFiles.create(file)) {
                var out = Channels.newOutputStream(channel);
                byte[] piece = new byte[PIECE];
                long left = entry.getSize();
                while (left > 0) {
                    int got = read(tar, piece, (int) Math.min(PIECE, left), entry.getName());
                    sum.add(piece, 0, got);
                    out.write(piece, 0, got);
                    left -= got;
                }
                channel.force(true);
            }
            return sum.hex();
        }

        private static int read(TarArchiveInputStream tar, byte[] piece, int most, String name) {
            int got;
            try {
                got = tar.read(piece, 0, most);
            } catch (IOException e) {
                throw new BackupException(
                        "the backup is torn in " + name + ": " + e.getMessage(), e);
            }
            if (got <= 0) {
                throw new BackupException("the backup is torn in " + name);
            }
            return got;
        }

        private List<String> whole(TarArchiveInputStream tar) {
            if (next(tar) != null) {
                throw new BackupException("the backup goes on after its checksums");
            }
            if (!names.contains(Layout.DATABASE)) {
                throw new BackupException("the backup has no " + Layout.DATABASE);
            }
            return names;
        }
    }
}
