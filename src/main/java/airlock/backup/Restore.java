package airlock.backup;

import airlock.base.OwnFiles;
import airlock.base.Trees;
import airlock.store.DatabaseFile;
import airlock.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
}
