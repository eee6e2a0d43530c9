package airlock.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the store does with files that stays done when the power goes.
final class StoreFiles {
    /// Below this a failure is the full disk's.
    private static final long LITTLE = 16L << 20;

    private StoreFiles() {}

    /// Has the content of a file, or the entries of a directory, on the disk.
    static void force(Path path) throws IOException {
        // reading is enough for it, and all that is allowed with a folder or a finished image
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes this process's user the owner of a file.
    static void own(Path file) throws IOException {
        var user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!user.equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// What the files take on the disk, as far as their lengths say.
    static long bytes(Path directory) throws IOException {
        long bytes = 0;
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /// Whether so little is left that nothing can be made here.
    static boolean isFull(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace() < LITTLE;
    }
}
