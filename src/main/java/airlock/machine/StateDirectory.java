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
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The state directory, while this process has it for itself. The lock goes with the process, so
/// a `kill -9` leaves none behind.
public final class StateDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Makes the directory where it is missing, and locks it. It is for its owner alone: the rights
    /// of others to one that is there are taken away.
    ///
    /// @throws AppException if it can't be used: another user's or a link, another process has it,
    ///     or the file system refuses
    public static StateDirectory lock(Path path) {
        StateOwner.require(path);
        try {
            OwnFiles.makeDirectories(path);
            requirePrivate(path);
            var channel = OwnFiles.open(path.resolve("lock"));
            if (tryLock(channel) == null) {
                channel.close();
                throw new AppException(
                        "another airlock uses the state directory "
                                + path
                                + "; stop it or name another one");
            }
            if (Restore.isUnfinished(path)) {
                channel.close();
                throw new AppException(
                        "a restore into "
                                + path
                                + " was interrupted: empty that directory and restore again");
            }
            return new StateDirectory(path, channel);
        } catch (IOException e) {
            throw new AppException(
                    "the state directory %s can't be used: %s; set `state` to a directory that %s may write"
                            .formatted(path, FileFaults.words(e), System.getProperty("user.name")));
        }
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

    /// The directory.
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
}
