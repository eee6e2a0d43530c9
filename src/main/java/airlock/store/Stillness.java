package airlock.store;

import airlock.base.OwnFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A lock between removing stored files and copying them. It is a kernel lock, so it works between
/// processes and is released when its process ends.
public final class Stillness {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Path file;

    /// @param state the state directory
    public Stillness(Path state) {
        this.file = state.resolve("removing.lock");
    }

    /// The result of trying to lock; closing it releases the lock.
    public static final class Held implements AutoCloseable {
        private final @Nullable FileChannel channel;

        private Held(@Nullable FileChannel channel) {
            this.channel = channel;
        }

        public boolean isHeld() {
            return channel != null;
        }

        @Override
        public void close() {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new StoreException("cannot release the lock on removing files", e);
                }
            }
        }
    }

    /// Takes the lock if it is free.
    public Held tryHold() {
        try {
            var channel = OwnFiles.open(file);
            if (lock(channel) == null) {
                channel.close();
                return new Held(null);
            }
            return new Held(channel);
        } catch (IOException e) {
            throw new StoreException("cannot lock " + file + ": " + e, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /// Waits for the lock.
    public Held hold() throws InterruptedException {
        var pause = new Signal();
        while (true) {
            var held = tryHold();
            if (held.isHeld()) {
                return held;
            }
            pause.await(pause.count(), LOOK);
        }
    }
}
