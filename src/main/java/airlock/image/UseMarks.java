package airlock.image;

import airlock.base.OwnFiles;
import airlock.image.ImageStore.ImageUse;
import airlock.text.SafeText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// Records which processes use which images. A mark is a file that its process holds a kernel lock
/// on, so it becomes void however the process ends, and it works across containers that share the
/// directory.
final class UseMarks {
    private static final String GUARD = "lock";
    private static final int LONGEST_TEXT = 200;

    /// Part of the names of this process's marks, which it never opens again: closing them would
    /// release their locks (fcntl_locking(2)).
    private static final String OURS = UUID.randomUUID().toString();

    /// The kernel's lock on the guard file does not exclude threads of one process.
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path directory;

    UseMarks(Path directory) {
        this.directory = directory;
    }

    @FunctionalInterface
    interface Guarded<T> {
        T run() throws IOException;
    }

    /// Does `work` while no other thread or process is in here.
    <T> T guarded(Guarded<T> work) throws IOException {
        OwnFiles.makeDirectories(directory);
        IN_PROCESS.lock();
        try (var file = OwnFiles.open(directory.resolve(GUARD));
                var _ = file.lock()) {
            return work.run();
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /// Marks the image as used and removes void marks; only inside [#guarded].
    ///
    /// @param who for people
    ImageUse mark(String image, String who) throws IOException {
        users(image);
        Path file = directory.resolve(image + "." + OURS + "." + UUID.randomUUID());
        var channel = OwnFiles.open(file);
        try {
            if (channel.tryLock() == null) {
                throw new IOException("another process has locked " + file);
            }
            channel.write(ByteBuffer.wrap(who.getBytes(StandardCharsets.UTF_8)));
            return new ImageUse(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// The users of an image; removes void marks. Only inside [#guarded].
    List<String> users(String image) throws IOException {
        var users = new ArrayList<String>();
        try (var marks = Files.newDirectoryStream(directory, image + ".*")) {
            for (Path mark : marks) {
                user(mark).ifPresent(users::add);
            }
        }
        return users;
    }

    private Optional<String> user(Path mark) throws IOException {
        if (String.valueOf(mark.getFileName()).contains("." + OURS + ".")) {
            return Optional.of("this airlock itself");
        }
        try (var file = FileChannel.open(mark, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock free = file.tryLock();
            if (free == null) {
                return Optional.of(text(file));
            }
            Files.deleteIfExists(mark);
            return Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static String text(FileChannel file) throws IOException {
        var bytes = ByteBuffer.allocate(LONGEST_TEXT);
        while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
        return SafeText.line(
                new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
    }
}
