package airlock.backup;

import airlock.base.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A directory for what is not finished, for its owner alone.
final class Workspace {
    private Workspace() {}

    static void make(Path directory) throws IOException {
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Removes it with all that is in it, if it is there.
    static void remove(Path directory) {
        try {
            Trees.remove(directory);
        } catch (IOException e) {
            throw new BackupException("cannot remove " + directory + ": " + e, e);
        }
    }
}
