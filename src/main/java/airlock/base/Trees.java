package airlock.base;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;

/// Removes directories with their content.
public final class Trees {
    private Trees() {}

    /// Removes a file, a link or a whole directory. Never follows a link, not even one that
    /// replaces a directory meanwhile: opens each directory by openat(2) from the one above it,
    /// with `O_NOFOLLOW`. Does nothing if the tree is missing; another process may remove it at the
    /// same time.
    ///
    /// @throws IOException if an entry can't be removed; the rest of its directory stays
    public static void remove(Path tree) throws IOException {
        Path top = tree.toAbsolutePath().normalize();
        Path parent = top.getParent();
        Path name = top.getFileName();
        if (parent == null || name == null) {
            throw new IOException("the root directory is not removed");
        }
        try (var above = Files.newDirectoryStream(parent)) {
            remove(secure(above, parent), name);
        } catch (NoSuchFileException _) {
            // the directory above is missing, too
        }
    }

    private static void remove(SecureDirectoryStream<Path> above, Path name) throws IOException {
        try {
            if (!isDirectory(above, name)) {
                above.deleteFile(name);
                return;
            }
            try (var here = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                for (Path entry : names(here)) {
                    remove(here, entry);
                }
            }
            above.deleteDirectory(name);
        } catch (NoSuchFileException _) {
            // another process removes it too
        }
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> above, Path name)
            throws IOException {
        return above.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }

    private static List<Path> names(DirectoryStream<Path> directory) {
        var names = new ArrayList<Path>();
        for (Path entry : directory) {
            names.add(entry.getFileName());
        }
        return names;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path directory)
            throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException(directory + " is on a file system without openat(2)");
    }
}
