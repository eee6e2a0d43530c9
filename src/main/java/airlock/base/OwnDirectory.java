package airlock.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Checks that a directory belongs to this process's user, and locks out other users.
public final class OwnDirectory {
    private static final Set<PosixFilePermission> WRITABLE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /// The mode of a directory that only its owner uses.
    public static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> PRIVATE_FILE =
            PosixFilePermissions.fromString("rw-------");

    private OwnDirectory() {}

    /// Does not follow links.
    ///
    /// @return why it can't be used; empty if it is a directory, belongs to this process's user,
    ///     and neither its group nor others may write it
    public static Optional<String> hindrance(Path directory) throws IOException {
        var foreign = foreign(directory);
        if (foreign.isPresent()) {
            return foreign;
        }
        var permissions = attributes(directory).permissions();
        return permissions.stream().anyMatch(WRITABLE::contains)
                ? Optional.of(
                        "others than its owner may write %s (%s)"
                                .formatted(directory, PosixFilePermissions.toString(permissions)))
                : Optional.empty();
    }

    /// Removes all rights of group and others from a directory and from the files directly in it.
    /// Files deeper down are out of reach then.
    ///
    /// @return why it can't be used, and then nothing changes; empty if it is a directory and
    ///     belongs to this process's user
    public static Optional<String> makePrivate(Path directory) throws IOException {
        var foreign = foreign(directory);
        if (foreign.isPresent()) {
            return foreign;
        }
        if (!PRIVATE.containsAll(attributes(directory).permissions())) {
            Files.setPosixFilePermissions(directory, PRIVATE);
        }
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                makeFilePrivate(entry);
            }
        }
        return Optional.empty();
    }

    private static void makeFilePrivate(Path file) throws IOException {
        try {
            var found = attributes(file);
            if (found.isRegularFile() && !PRIVATE_FILE.containsAll(found.permissions())) {
                Files.setPosixFilePermissions(file, PRIVATE_FILE);
            }
        } catch (NoSuchFileException _) {
            // gone meanwhile
        }
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Optional<String> foreign(Path directory) throws IOException {
        var found = attributes(directory);
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
        return Optional.empty();
    }

    private static boolean isOurs(Path file) throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid")
                .equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }
}
