package airlock.backup;

import airlock.base.OwnFiles;
import airlock.store.DatabaseFile;
import airlock.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Makes a state directory of a backup. All is unpacked beside and checked before anything gets its
/// place; the database gets it last.
///
/// **Failures**: a [BackupException]; the directory is then as it was.
public final class Restore {
    private static final String PART = "restoring.part";

    /// What a directory may hold and still count as empty.
    private static final Set<String> LOCKS = Set.of("lock", "removing.lock");

    private final Path state;
    private final boolean keyIsElsewhere;

    /// @param state the directory to fill, empty or missing
    public Restore(Path state) {
        this(state, false);
    }

    /// @param keyIsElsewhere whether the master key lies outside of state directories, so that no
    ///     backup has it
    public Restore(Path state, boolean keyIsElsewhere) {
        this.state = state.toAbsolutePath();
        this.keyIsElsewhere = keyIsElsewhere;
    }

    /// What was restored.
    ///
    /// @param made when the backup was made, ISO 8601
    /// @param open how many requests and runs go on when a server starts
    public record Restored(int files, String made, long open) {}

    /// Refuses a directory with something in it.
    ///
    /// @throws BackupException where the directory holds anything that a restore would mix with
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

    /// Whether a restore into `state` was interrupted: then what is there is no state.
    public static boolean isUnfinished(Path state) {
        return Files.exists(state.resolve(PART));
    }

    /// Restores from `backup`. The directory is there, locked, and held by nobody else.
    public Restored from(Path backup) {
        refuseUsed();
        Path part = state.resolve(PART);
        try {
            Workspace.make(part);
            Unpacked unpacked;
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
            Workspace.remove(part);
        }
    }

    /// Checks that rows and files fit, and fits the rows to their new place.
    private long settle(Path part, Unpacked unpacked) throws IOException {
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
        for (String name : names) {
            if (!name.equals(Layout.DATABASE)) {
                moveIn(part, name);
            }
        }
        moveIn(part, Layout.DATABASE);
        OwnFiles.force(state);
    }

    private void moveIn(Path part, String name) throws IOException {
        Path target = state.resolve(name);
        Layout.makeDirectory(target.resolveSibling(""));
        OwnFiles.move(part.resolve(name), target);
    }
}
