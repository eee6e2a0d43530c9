package airlock.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// Finds a directory that is memory, for secrets and sockets.
public final class MemoryPlace {
    private MemoryPlace() {}

    /// Makes, where it is missing, the directory that belongs to a state directory.
    ///
    /// @param runtime `$XDG_RUNTIME_DIR`, or empty
    /// @throws VmException when no tmpfs can be written
    public static Path of(Path state, Optional<Path> runtime) {
        var sum = new CRC32();
        sum.update(state.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
        String name = "airlock-%08x".formatted(sum.getValue());
        var tried = List.of(runtime.orElse(Path.of("/dev/shm")), Path.of("/dev/shm"));
        for (Path place : tried) {
            if (tmpfs(place) && Files.isWritable(place)) {
                return make(place.resolve(name));
            }
        }
        throw new VmException(
                "secrets must not reach a disk, and no tmpfs that can be written was found in %s;"
                                .formatted(tried)
                        + " mount one: mount -t tmpfs -o mode=1777 tmpfs /dev/shm");
    }

    private static boolean tmpfs(Path place) {
        try {
            return Files.getFileStore(place).type().equals("tmpfs");
        } catch (IOException _) {
            return false;
        }
    }

    private static Path make(Path directory) {
        try {
            if (!Files.exists(directory)) {
                Files.createDirectory(directory);
            }
            // fails where somebody else has made it
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            return directory;
        } catch (IOException e) {
            throw new VmException("cannot use %s: %s".formatted(directory, e), e);
        }
    }
}
