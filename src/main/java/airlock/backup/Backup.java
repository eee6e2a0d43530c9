package airlock.backup;

import airlock.backup.Layout.BackupSums;
import airlock.backup.Layout.Head;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.base.Trees;
import airlock.store.DatabaseFile;
import airlock.store.Stillness;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes a snapshot of the state into a file: the database, the master key, and the logs, outputs
/// and waiting source tars that its rows name. Mirrors, other tars and images can be fetched again.
///
/// **A running server** is not disturbed, but its janitor removes nothing in the meantime.
/// **Failures**: a [BackupException]; an old file of the same name is left as it was.
public final class Backup {
    private static final int MOST_NAMED = 100;

    private final Path state;
    private final InstantSource clock;

    /// @param state the state directory
    public Backup(Path state, InstantSource clock) {
        this.state = state.toAbsolutePath();
        this.clock = clock;
    }

    /// The result.
    ///
    /// @param bytes the length of the file
    /// @param missing the first [#MOST_NAMED] outputs that rows name and that do not exist; the
    ///     backup records them as removed
    /// @param lost the number of such outputs
    public record Made(int files, long bytes, List<String> missing, long lost) {
        public Made {
            missing = List.copyOf(missing);
        }
    }

    /// Writes `file`; replaces an old one once the new one is complete.
    public Made make(Path file, boolean withLogs) throws InterruptedException {
        Path database = state.resolve(Layout.DATABASE);
        if (!Files.exists(database)) {
            throw new BackupException("there is no state in " + state + " to back up");
        }
        Path target = file.toAbsolutePath();
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Path work = state.resolve("backup.part");
        Path copy = work.resolve(Layout.DATABASE);
        try (var _ = new Stillness(state).hold()) {
            try {
                Trees.remove(work); // of a backup that was killed
                OwnFiles.makeDirectories(work);
                DatabaseFile.copy(database, copy);
                Files.deleteIfExists(part);
                var made = write(copy, part, withLogs);
                OwnFiles.move(part, target);
                return made;
            } finally {
                Files.deleteIfExists(part);
                Trees.remove(work);
            }
        } catch (IOException e) {
            throw new BackupException("cannot write the backup " + file + ": " + e, e);
        }
    }

    private Made write(Path copy, Path part, boolean withLogs) throws IOException {
        var lost = new Lost();
        try (var snapshot = new Snapshot(copy)) {
            snapshot.blobs(hashes -> forget(snapshot, hashes, lost));
            if (!withLogs) {
                snapshot.forgetLogs(clock.instant());
            }
        }
        try (var archive = new Archive(part, copy.resolveSibling(Layout.SUMS))) {
            var head = new Head(Head.FORMAT, clock.instant().toString(), state.toString());
            archive.add(Layout.HEAD, head.json());
            archive.add(Layout.DATABASE, copy);
            if (isThere(Layout.KEY)) {
                archive.add(Layout.KEY, state.resolve(Layout.KEY));
            }
            try (var snapshot = new Snapshot(copy)) {
                addFiles(archive, snapshot, withLogs);
            }
            return new Made(archive.files(), archive.finish(), lost.named, lost.count);
        } catch (NoSuchFileException e) {
            throw new BackupException(
                    "the file " + e.getFile() + " went while it was to be copied; try again", e);
        }
    }

    private static final class Lost {
        private final List<String> named = new ArrayList<>();
        private long count;
    }

    private void forget(Snapshot snapshot, List<String> hashes, Lost lost) {
        var gone = hashes.stream().filter(hash -> !isThere(Layout.blob(hash))).toList();
        if (!gone.isEmpty()) {
            snapshot.forgetBlobs(gone, clock.instant());
            lost.count += gone.size();
            gone.stream().limit(MOST_NAMED - lost.named.size()).forEach(lost.named::add);
        }
    }

    private void addFiles(Archive archive, Snapshot snapshot, boolean withLogs) throws IOException {
        snapshot.blobs(hashes -> add(archive, hashes.stream().map(Layout::blob).toList()));
        if (withLogs) {
            snapshot.logs(
                    runs ->
                            add(
                                    archive,
                                    runs.stream().map(Layout::log).filter(this::isThere).toList()));
        }
        add(archive, sources(snapshot));
    }

    private void add(Archive archive, List<String> names) throws IOException {
        for (String name : names) {
            archive.add(name, state.resolve(name));
        }
    }

    private boolean isThere(String name) {
        return Files.isRegularFile(state.resolve(name));
    }

    /// The source tars of waiting runs, if they are in this state directory.
    private List<String> sources(Snapshot snapshot) {
        var names = new ArrayList<String>();
        for (String source : snapshot.sources()) {
            Path tar = Path.of(source);
            for (Path file : List.of(tar, Layout.facts(tar))) {
                String name = file.startsWith(state) ? state.relativize(file).toString() : "";
                if (Layout.isKept(name) && isThere(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /// Writes the file of a backup: a POSIX tar that only its owner can read.
    static final class Archive implements Closeable {
        private static final int PIECE = 1 << 20;
        private static final int PRIVATE = 0600;

        private final FileChannel channel;
        private final TarArchiveOutputStream tar;
        private final Path sums;
        private final BufferedWriter lines;
        private int files;

        /// @param sums a temporary file for the checksums
        Archive(Path file, Path sums) throws IOException {
            this.sums = sums;
            lines = Files.newBufferedWriter(sums, StandardOpenOption.CREATE_NEW);
            channel = OwnFiles.create(file);
            tar =
                    new TarArchiveOutputStream(
                            Channels.newOutputStream(channel), StandardCharsets.UTF_8.name());
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        }

        void add(String name, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            open(name, bytes.length);
            tar.write(bytes);
            tar.closeArchiveEntry();
            note(name, bytes.length, Hash.sha256(bytes));
        }

        /// Adds a file with its current length; it may grow in the meantime.
        void add(String name, Path file) throws IOException {
            var sum = Hash.sha256();
            try (InputStream in = Files.newInputStream(file)) {
                long size = Files.size(file);
                open(name, size);
                long left = size;
                byte[] piece = new byte[PIECE];
                while (left > 0) {
                    int got = in.read(piece, 0, (int) Math.min(PIECE, left));
                    if (got < 0) {
                        throw new IOException(file + " became shorter while it was copied");
                    }
                    tar.write(piece, 0, got);
                    sum.add(piece, 0, got);
                    left -= got;
                }
                tar.closeArchiveEntry();
                note(name, size, sum.hex());
            }
            files++;
        }

        private void open(String name, long size) throws IOException {
            var entry = new TarArchiveEntry(name);
            entry.setSize(size);
            entry.setMode(PRIVATE);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
        }

        private void note(String name, long size, String hash) throws IOException {
            lines.append(BackupSums.line(name, size, hash)).append('\n');
        }

        /// The number of files added.
        int files() {
            return files;
        }

        /// Adds the checksums and forces everything to disk; returns the length.
        long finish() throws IOException {
            lines.close();
            open(Layout.SUMS, Files.size(sums));
            Files.copy(sums, tar);
            tar.closeArchiveEntry();
            tar.finish();
            tar.flush();
            channel.force(true);
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            lines.close();
            channel.close();
        }
    }
}
