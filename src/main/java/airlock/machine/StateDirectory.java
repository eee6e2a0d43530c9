package airlock.machine;

import airlock.backup.Restore;
import airlock.base.FileFaults;
import airlock.base.OwnDirectory;
import airlock.base.OwnFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The state directory, locked by this process. The kernel releases the lock when the process ends,
/// even by `kill -9`.
public final class StateDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Makes the directory if it is missing, takes all access from other users, and locks it.
    ///
    /// @throws AppException if it belongs to another user, is a link, is locked by another process,
    ///     or the file system refuses
    public static StateDirectory lock(Path path) {
        StateOwner.require(path);
        try {
            OwnFiles.makeDirectories(path);
            requirePrivate(path);
            var channel = OwnFiles.open(path.resolve("lock"));
            if (tryLock(channel) == null) {
                throw refused(
                        channel,
                        "another airlock uses the state directory %s; stop it or name another one",
                        path);
            }
            if (Restore.isUnfinished(path)) {
                throw refused(
                        channel,
                        "a restore into %s was interrupted: empty that directory and restore again",
                        path);
            }
            return new StateDirectory(path, channel);
        } catch (IOException e) {
            throw new AppException(
                    "the state directory %s can't be used: %s; set `state` to a directory that %s may write"
                            .formatted(path, FileFaults.words(e), System.getProperty("user.name")));
        }
    }

    private static AppException refused(FileChannel channel, String why, Path path)
            throws IOException {
        channel.close();
        return new AppException(why.formatted(path));
    }

    private static void requirePrivate(Path path) throws IOException {
        var hindrance = OwnDirectory.makePrivate(path);
        if (hindrance.isPresent()) {
            throw new AppException(
                    "the state directory is not used: %s; set `state` to a directory of this user's"
                            .formatted(hindrance.orElseThrow()));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /// Fills `state`, which is empty or missing, from `backup`, while no other process can use it.
    ///
    /// @param keyIsElsewhere whether the master key lies outside of the state, so that the backup
    ///     lacks it
    public static Restore.Restored restore(Path state, Path backup, boolean keyIsElsewhere) {
        StateOwner.require(state);
        var restore = new Restore(state, keyIsElsewhere);
        restore.refuseUsed(); // before locking creates a file in a directory with other content
        try (var _ = lock(state)) {
            return restore.from(backup);
        }
    }

    public Path path() {
        return path;
    }

    /// The database's file.
    public Path database() {
        return path.resolve("airlock.db");
    }

    /// The control socket of the server that uses `state`.
    public static Path controlSocket(Path state) {
        return state.resolve("control.sock");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the state directory " + path, e);
        }
    }

    /// The owner of a state directory. Each command that opens one checks it first: a file that
    /// root makes in a service's state stops the service from starting.
    public static final class StateOwner {
        private static final Path SELF = Path.of("/proc/self");
        private static final Integer ROOT = 0;

        private StateOwner() {}

        /// Refuses the state directory of another user before any file is touched.
        ///
        /// @throws AppException with the command that does it as that user
        public static void require(Path state) {
            stranger(state)
                    .ifPresent(
                            why -> {
                                throw new AppException(
                                        why.seen()
                                                + "; run as "
                                                + why.owner()
                                                + ": "
                                                + why.command());
                            });
        }

        /// As [#require], for a command that the server carries out, which root may send, too.
        public static void requireUnlessRoot(Path state) {
            if (!isRoot()) {
                require(state);
            }
        }

        /// Another user, who owns the directory.
        ///
        /// @param seen the problem, for people
        /// @param command how that user runs Airlock
        public record Stranger(String owner, String seen, String command) {}

        /// Empty if the directory is this process's user's, or missing.
        public static Optional<Stranger> stranger(Path state) {
            try {
                if (!Files.exists(state)
                        || Files.getAttribute(state, "unix:uid")
                                .equals(Files.getAttribute(SELF, "unix:uid"))) {
                    return Optional.empty();
                }
                String owner = Files.getOwner(state).getName();
                return Optional.of(
                        new Stranger(
                                owner,
                                "the state directory %s belongs to %s, and this runs as %s"
                                        .formatted(state, owner, System.getProperty("user.name")),
                                isRoot()
                                        ? "runuser -u " + owner + " -- airlock …"
                                        : "sudo -u " + owner + " airlock …"));
            } catch (IOException _) {
                return Optional.empty(); // opening it says why
            }
        }

        private static boolean isRoot() {
            try {
                return ROOT.equals(Files.getAttribute(SELF, "unix:uid"));
            } catch (IOException _) {
                return false;
            }
        }
    }
}
