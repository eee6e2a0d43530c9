package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// What the store does with files that stays done when the power goes.
final class StoreFiles {
    /// Below this a failure is the full disk's.
    private static final long LITTLE = 16L << 20;

    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    private StoreFiles() {}

    /// All of a file.
    ///
    /// @throws ImageException if it is longer than `most` bytes or cannot be read
    static byte[] small(Path file, int most) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new ImageException(file + " is longer than " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new ImageException("cannot read " + file + ": " + e, e);
        }
    }

    /// Leaves a file to its owner alone.
    static void makePrivate(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PRIVATE);
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
