package airlock.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Checks that a directory belongs to this process's user and that no other user may write it.
public final class OwnDirectory {
    private static final Set<PosixFilePermission> WRITABLE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private OwnDirectory() {}

    /// Looks by lstat(2), so a link counts as a link.
    ///
    /// @return why it can't be used; empty when it is a directory, has this process's owner, and
    ///     neither its group nor others may write it
    public static Optional<String> hindrance(Path directory) throws IOException {
        var found =
                Files.readAttributes(
                        directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()) {
            return Optional.of(
                    directory + (found.isSymbolicLink() ? " is a link" : " is not a directory"));
        }
        if (!isOurs(directory)) {
            return Optional.of(
                    "%s belongs to %s, and Airlock runs as %s"
                            .formatted(
                                    directory,
                                    found.owner().getName(),
                                    System.getProperty("user.name")));
        }
        if (found.permissions().stream().anyMatch(WRITABLE::contains)) {
            return Optional.of(
                    "others than its owner may write %s (%s)"
                            .formatted(
                                    directory, PosixFilePermissions.toString(found.permissions())));
        }
        return Optional.empty();
    }

    private static boolean isOurs(Path file) throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid")
                .equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }
}
