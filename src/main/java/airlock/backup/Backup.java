package airlock.backup;

import airlock.base.OwnFiles;
import airlock.base.Trees;
import airlock.store.DatabaseFile;
import airlock.store.Stillness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

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
}
