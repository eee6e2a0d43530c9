package airlock.image;

import airlock.base.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Small operations on files of images.
final class StoreFiles {
    private StoreFiles() {}

    /// Reads a whole file.
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

    static String sha256(Path file) {
        try {
            return Hash.sha256(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// Hashes a file and reports progress under the name `what`.
    static String hash(Path file, Hash empty, String what, Consumer<String> progress) {
        try {
            return empty.add(file, Pace.of(file, what, progress)::add).hex();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// Makes a hard link if the file system can, else a copy.
    static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException _) {
            Files.copy(from, to);
        }
    }

    /// Makes this process's user the owner of a file.
    static void own(Path file) throws IOException {
        var user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!user.equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        }
    }

    static long bytes(Path directory) throws IOException {
        long bytes = 0;
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
