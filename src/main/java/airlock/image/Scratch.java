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

/// Where mmdebstrap(1) unpacks: outside the state, since the users that it maps must get there, and
/// on a disk, not in memory as `/tmp` may be. A file in the build's directory tells where, so that
/// the next build finds what a killed one left.
final class Scratch {
    private static final String POINTER = "scratch";
    private static final String PREFIX = "airlock-image-";
    static final Path PLACE = Path.of("/var/tmp");
    private static final Pattern NAME =
            Pattern.compile(Pattern.quote(PLACE + "/" + PREFIX) + "[0-9a-f-]{36}");
    private static final Tool MMDEBSTRAP = new Tool("mmdebstrap");
    private static final Tool RM = new Tool("rm");

    private Scratch() {}

    /// Makes it.
    ///
    /// @param building the build's directory
    static Path in(Path building) throws IOException {
        Path place = PLACE.resolve(PREFIX + UUID.randomUUID());
        Path pointer = Files.writeString(building.resolve(POINTER), place.toString());
        OwnFiles.force(pointer);
        var forItsOwner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(place, PosixFilePermissions.asFileAttribute(forItsOwner));
        // not when it is made: a umask would take it from the mapped users
        return Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx--x--x"));
    }

    /// Whether a build has one.
    static boolean isUsedBy(Path building) {
        return Files.isRegularFile(building.resolve(POINTER), LinkOption.NOFOLLOW_LINKS);
    }

    /// Removes that of a build, where it has one. Its files may belong to mapped users.
    ///
    /// @param progress hears of what can't be removed
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
        // an image has no other files than its own
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
