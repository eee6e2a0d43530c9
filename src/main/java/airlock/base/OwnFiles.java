package airlock.base;

import java.io.IOException;
import java.nio.channels.Channels;
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

/// Files that only their owner can open, whatever the umask, and changes that survive a power cut.
public final class OwnFiles {
    private static final String DRAFT = ".new";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnFiles() {}

    /// Makes a file, which must not exist, and opens it for writing.
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

    public static void makeDirectories(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(OwnDirectory.PRIVATE));
    }

    /// Makes a file, which must not exist, and forces its content to the disk.
    public static void write(Path file, byte[] content) throws IOException {
        try (var out = create(file)) {
            Channels.newOutputStream(out).write(content);
            out.force(true);
        }
    }

    /// Replaces a file's content; a crash leaves the old or the new one, and perhaps the
    /// [#draft(Path)].
    public static void replace(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(draft(file));
        write(draft(file), content);
        move(draft(file), file);
    }

    /// The file in which [#replace(Path, byte\[\])] prepares the content.
    public static Path draft(Path file) {
        return file.resolveSibling(file.getFileName() + DRAFT);
    }

    /// Renames a file durably within a file system; replaces an existing one.
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(to.toAbsolutePath().resolveSibling(""));
    }

    /// Forces the content of a file, or the entries of a directory, to the disk.
    public static void force(Path path) throws IOException {
        // reading is enough, and directories and finished images allow nothing more
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
