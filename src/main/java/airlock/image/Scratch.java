package airlock.image;

import airlock.base.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory where mmdebstrap(1) unpacks: outside the state directory, since the users that it
/// maps need access, and on a disk, since `/tmp` may be in memory. A file in the build's directory
/// names it, so that the next build finds what a killed one left.
final class Scratch {
    private static final String POINTER = "scratch";
    private static final String PREFIX = "airlock-image-";
    static final Path PLACE = Path.of("/var/tmp");
    private static final Pattern NAME =
            Pattern.compile(Pattern.quote(PLACE + "/" + PREFIX) + "[0-9a-f-]{36}");
    private static final Tool MMDEBSTRAP = new Tool("mmdebstrap");
    private static final Tool RM = new Tool("rm");

    private Scratch() {}

    /// Creates one for the build in `building`.
    static Path in(Path building) throws IOException {
        Path place = PLACE.resolve(PREFIX + UUID.randomUUID());
        Path pointer = Files.writeString(building.resolve(POINTER), place.toString());
        OwnFiles.force(pointer);
        var forItsOwner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(place, PosixFilePermissions.asFileAttribute(forItsOwner));
        // not at creation, since the umask would take it from the mapped users
        return Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx--x--x"));
    }

    static boolean isUsedBy(Path building) {
        return Files.isRegularFile(building.resolve(POINTER), LinkOption.NOFOLLOW_LINKS);
    }

    /// Removes the one of a build, if any. Its files may belong to mapped users.
    ///
    /// @param progress gets a line if that fails
    static void removeOf(Path building, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path pointer = building.resolve(POINTER);
        if (!isUsedBy(building)) {
            return;
        }
        String text = Files.readString(pointer).strip();
        Path place = PLACE.resolve(NAME.matcher(text).matches() ? text : ".none");
        try {
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                remove(place);
            }
        } catch (IOException | ImageException e) {
            progress.accept("cannot remove " + place + ", do it by hand: " + e.getMessage());
        }
        // the file must not become part of the image
        Files.deleteIfExists(pointer);
    }

    private static void remove(Path place) throws IOException, InterruptedException {
        if (isRoot()) {
            RM.run("-rf", "--one-file-system", place.toString());
            return;
        }
        var find = List.of("find", place.toString(), "-xdev", "-mindepth", "1", "-delete");
        MMDEBSTRAP.run(
                Stream.concat(Stream.of("--unshare-helper"), find.stream()).toArray(String[]::new));
        Files.deleteIfExists(place);
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
