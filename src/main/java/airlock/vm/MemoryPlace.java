package airlock.vm;

import airlock.base.OwnDirectory;
import airlock.base.OwnFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Finds a directory in memory for secrets and sockets.
///
/// A runtime directory belongs to one user, so the name in it may be predictable. Every user can
/// write `/dev/shm`, so the name there is random and stored in the state directory.
public final class MemoryPlace {
    /// File in the state directory with the name of the directory in `/dev/shm`.
    static final String REMEMBERED = "memory";

    private static final Path SHARED = Path.of("/dev/shm");
    private static final Pattern NAME = Pattern.compile("airlock-[0-9a-f]{16}");
    private static final int NAME_BYTES = 8;

    private MemoryPlace() {}

    /// The first runtime directory of the environment: `RUNTIME_DIRECTORY`, which systemd gives
    /// services (systemd.exec(5); separated by colons), else `XDG_RUNTIME_DIR`.
    public static Optional<Path> runtime(Map<String, String> environment) {
        return Stream.of("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR")
                .map(name -> environment.getOrDefault(name, "").split(":", -1)[0])
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .findFirst();
    }

    /// The directory that belongs to a state directory; made if it is missing.
    ///
    /// @param runtime see [#runtime]
    /// @throws VmException if no tmpfs can be written, or the directory is another user's
    public static Path of(Path state, Optional<Path> runtime) {
        var own = runtime.filter(MemoryPlace::isUsable);
        try {
            return own.isPresent()
                    ? below(own.orElseThrow(), state)
                    : shared(Files.createDirectories(state));
        } catch (IOException e) {
            throw new VmException("cannot make a directory in memory: " + e, e);
        }
    }

    private static boolean isUsable(Path runtime) {
        try {
            return isTmpfs(runtime) && OwnDirectory.hindrance(runtime).isEmpty();
        } catch (IOException _) {
            return false;
        }
    }

    private static Path below(Path runtime, Path state) throws IOException {
        var sum = new CRC32();
        sum.update(state.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
        Path directory = runtime.resolve("airlock-%08x".formatted(sum.getValue()));
        try {
            return VmFiles.makePassable(directory);
        } catch (FileAlreadyExistsException _) {
            var hindrance = OwnDirectory.hindrance(directory);
            if (hindrance.isPresent()) {
                throw new VmException(
                        hindrance.orElseThrow()
                                + "; Airlock does not use it: remove it and start again");
            }
            return directory;
        }
    }

    private static Path shared(Path state) throws IOException {
        if (!isTmpfs(SHARED) || !Files.isWritable(SHARED)) {
            throw new VmException(
                    "secrets must not reach a disk, and %s is not a writable tmpfs;"
                                    .formatted(SHARED)
                            + " mount one: mount -t tmpfs -o mode=1777 tmpfs /dev/shm");
        }
        var former = remembered(state).map(SHARED::resolve);
        if (former.isPresent()
                && Files.exists(former.orElseThrow(), LinkOption.NOFOLLOW_LINKS)
                // after a reboot another user may have made one with that name
                && OwnDirectory.hindrance(former.orElseThrow()).isEmpty()) {
            return former.orElseThrow();
        }
        byte[] random = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(random);
        String name = "airlock-" + HexFormat.of().formatHex(random);
        // first, so that a server that is killed in between leaves no directory without a record
        OwnFiles.replace(state.resolve(REMEMBERED), name.getBytes(StandardCharsets.US_ASCII));
        return VmFiles.makePassable(SHARED.resolve(name));
    }

    private static Optional<String> remembered(Path state) throws IOException {
        Path file = state.resolve(REMEMBERED);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1))
                .filter(name -> NAME.matcher(name).matches());
    }

    private static boolean isTmpfs(Path place) throws IOException {
        return Files.getFileStore(place).type().equals("tmpfs");
    }
}
