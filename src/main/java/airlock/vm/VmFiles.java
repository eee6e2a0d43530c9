package airlock.vm;

import airlock.base.OwnDirectory;
import airlock.base.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of one VM. The two directories belong to Airlock alone; QEMU's user owns the files
/// that it writes, and can make none.
///
/// @param directory on disk: system disk's overlay, drives, marker
/// @param memory on tmpfs: sockets, and the secrets' drive until QEMU has opened it
record VmFiles(Path directory, Path memory) {
    private static final Logger LOG = LoggerFactory.getLogger(VmFiles.class);
    static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

    enum Port {
        QMP,
        CONSOLE,
        LOG,
        UPLINK;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Makes the two directories; neither exists yet.
    void create() throws IOException {
        makePassable(directory);
        makePassable(memory);
    }

    /// Makes a directory that a VM's user may pass through, but not list.
    static Path makePassable(Path directory) throws IOException {
        var own = PosixFilePermissions.asFileAttribute(OwnDirectory.PRIVATE);
        // not when it is made, because of the umask
        return Files.setPosixFilePermissions(Files.createDirectory(directory, own), PASSABLE);
    }

    Path overlay() {
        return directory.resolve("vda");
    }

    Path drive(Drive drive) {
        return (drive == Drive.SECRETS ? memory : directory).resolve(drive.node());
    }

    Path socket(Port port) {
        return memory.resolve(port.id());
    }

    List<Path> readOnly(VmSpec spec, Origin origin) {
        var files = new ArrayList<>(spec.boot().files());
        files.addAll(origin.readOnly());
        files.addAll(drives(spec, false));
        return files;
    }

    List<Path> writable(VmSpec spec, Origin origin) {
        var files = new ArrayList<>(List.of(overlay()));
        files.addAll(origin.writable());
        files.addAll(drives(spec, true));
        Stream.of(Port.values()).map(this::socket).forEach(files::add);
        return files;
    }

    private List<Path> drives(VmSpec spec, boolean written) {
        return Stream.of(Drive.values())
                .filter(drive -> written(drive, spec) == written)
                .map(this::drive)
                .toList();
    }

    static boolean written(Drive drive, VmSpec spec) {
        return drive == Drive.SCRATCH || spec.writable().contains(drive);
    }

    /// Gives QEMU's user the files that it needs.
    ///
    /// @param user empty for our own
    void handOver(VmSpec spec, Origin origin, OptionalInt user) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        for (Path file : writable(spec, origin)) {
            Files.setAttribute(file, "unix:uid", user.getAsInt(), LinkOption.NOFOLLOW_LINKS);
        }
        for (Path drive : drives(spec, false)) {
            Files.setAttribute(drive, "unix:gid", user.getAsInt(), LinkOption.NOFOLLOW_LINKS);
            Files.setPosixFilePermissions(drive, PosixFilePermissions.fromString("rw-r-----"));
        }
    }

    /// Takes back the files that may be kept, so that QEMU's user can no longer write them.
    void takeBack(VmSpec spec, Origin origin, OptionalInt user) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        var written = new ArrayList<>(origin.writable());
        written.add(overlay());
        spec.writable().forEach(drive -> written.add(drive(drive)));
        for (Path file : written) {
            Files.setAttribute(file, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
        }
    }

    void remove() throws IOException {
        Trees.remove(memory);
        Trees.remove(directory);
    }

    /// Removes them, or leaves them to the next start of the server, which finds them.
    void tryToRemove() {
        try {
            remove();
        } catch (IOException e) {
            LOG.warn("cannot remove the files of {}: {}", directory.getFileName(), e.toString());
        }
    }

    /// How a VM begins.
    sealed interface Origin {
        record Cold() implements Origin {}

        /// By booting, to be saved at its gate.
        ///
        /// @param ram file for its memory
        /// @param saved file for the state of its devices
        record Making(Path ram, Path saved) implements Origin {}

        /// As a copy of a VM that was saved at its gate.
        record Clone(Template template) implements Origin {}

        /// Files that QEMU reads for it besides the VM's own.
        default List<Path> readOnly() {
            return switch (this) {
                case Cold _, Making _ -> List.of();
                case Clone(var template) -> template.read();
            };
        }

        /// Files that QEMU writes for it besides the VM's own.
        default List<Path> writable() {
            return switch (this) {
                case Cold _, Clone _ -> List.of();
                case Making(var ram, var saved) -> List.of(ram, saved);
            };
        }
    }
}
