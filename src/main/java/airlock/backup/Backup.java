package airlock.backup;

import airlock.store.DatabaseFile;
import airlock.store.Stillness;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Writes the state of one moment into a file: the database, the master key, and the logs, outputs
/// and waiting source tars that its rows name. What can be made again is left out: mirrors, other
/// tars, images.
///
/// **While a server works**: it goes on; only the janitor removes nothing meanwhile. **Failures**:
/// a [BackupException], and no file of the name that was asked for, or the one that was there.
public final class Backup {
    private final Path state;
    private final InstantSource clock;

    /// @param state the state directory
    public Backup(Path state, InstantSource clock) {
        this.state = state.toAbsolutePath();
        this.clock = clock;
    }

    /// What was written.
    ///
    /// @param bytes how long the file is
    /// @param missing outputs that rows name and that are not there; the backup says that they were
    ///     removed
    public record Made(int files, long bytes, List<String> missing) {
        public Made {
            missing = List.copyOf(missing);
        }
    }

    /// Writes `file`; one of that name is replaced once the new one is whole.
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
                Workspace.remove(work); // of one that was killed
                Workspace.make(work);
                DatabaseFile.copy(database, copy);
                Files.deleteIfExists(part);
                var made = write(copy, part, withLogs);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                force(target.resolveSibling(""));
                return made;
            } finally {
                Files.deleteIfExists(part);
                Workspace.remove(work);
            }
        } catch (IOException e) {
            throw new BackupException("cannot write the backup " + file + ": " + e, e);
        }
    }

    static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Made write(Path copy, Path part, boolean withLogs) throws IOException {
        var missing = new ArrayList<String>();
        var files = new ArrayList<String>();
        try (var snapshot = new Snapshot(copy)) {
            files.addAll(outputs(snapshot, missing));
            if (withLogs) {
                snapshot.logs().stream().map(Layout::log).filter(this::isThere).forEach(files::add);
            } else {
                snapshot.forgetLogs(clock.instant());
            }
            files.addAll(sources(snapshot));
        }
        try (var archive = new Archive(part)) {
            var head = new Head(Head.FORMAT, clock.instant().toString(), state.toString());
            archive.add(Layout.HEAD, head.json());
            archive.add(Layout.DATABASE, copy);
            if (isThere(Layout.KEY)) {
                archive.add(Layout.KEY, state.resolve(Layout.KEY));
            }
            for (String name : files) {
                archive.add(name, state.resolve(name));
            }
            return new Made(archive.files(), archive.finish(), missing);
        } catch (NoSuchFileException e) {
            throw new BackupException(
                    "the file " + e.getFile() + " went while it was to be copied; try again", e);
        }
    }

    private boolean isThere(String name) {
        return Files.isRegularFile(state.resolve(name));
    }

    private List<String> outputs(Snapshot snapshot, List<String> missing) {
        var there = new ArrayList<String>();
        for (String hash : snapshot.blobs()) {
            if (isThere(Layout.blob(hash))) {
                there.add(Layout.blob(hash));
            } else {
                missing.add(hash);
                snapshot.forgetBlob(hash, clock.instant());
            }
        }
        return there;
    }

    /// The tars that waiting runs start from, as far as they lie in this state.
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
