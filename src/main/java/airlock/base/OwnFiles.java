package airlock.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files for their owner alone, whatever the umask, and changes that stay when the power goes.
public final class OwnFiles {
    private static final String DRAFT = ".new";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnFiles() {}

    /// Makes a file that must not be there and opens it for writing.
    public static FileChannel create(Path file) throws IOException {
        Set<OpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return FileChannel.open(file, fresh, PRIVATE);
    }

    /// Opens a file for reading and writing; makes it if it is missing.
    public static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                PRIVATE);
    }

    /// Makes the directories that are missing of a path.
    public static void makeDirectories(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(OwnDirectory.PRIVATE));
    }

    /// Makes a file that must not be there, with its content on the disk.
    public static void write(Path file, byte[] content) throws IOException {
        try (var out = create(file)) {
            var left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
    }

    /// Gives a file another content; a crash leaves the old one or the new one, and perhaps the
    /// [#draft(Path)].
    public static void replace(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(draft(file));
        write(draft(file), content);
        move(draft(file), file);
    }

    /// Where [#replace(Path, byte\[\])] prepares a content.
    public static Path draft(Path file) {
        return file.resolveSibling(file.getFileName() + DRAFT);
    }

    /// Renames within a file system, over a file that is there, so that it stays done.
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(to.toAbsolutePath().resolveSibling(""));
    }

    /// Has the content of a file, or the entries of a directory, on the disk.
    public static void force(Path path) throws IOException {
        // reading is enough, and all that is allowed with a directory or a finished image
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
