package airlock.vm;

import airlock.base.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of one VM. The two directories belong to Airlock alone; QEMU's user owns the files
/// that it writes, and can make none.
///
/// @param directory on disk: system disk's overlay, drives, marker
/// @param memory on tmpfs: sockets, and the secrets' drive until QEMU has opened it
record VmFiles(Path directory, Path memory) {
    private static final Logger LOG = LoggerFactory.getLogger(VmFiles.class);
    private static final String PRIVATE = "rwx--x--x";
    private static final String OTHERS_READ = "rw-r-----";

    /// A socket between QEMU and the host.
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
        var mode = PosixFilePermissions.fromString(PRIVATE);
        Files.createDirectory(directory);
        Files.createDirectory(memory);
        // not when they are made, because of the umask
        Files.setPosixFilePermissions(directory, mode);
        Files.setPosixFilePermissions(memory, mode);
    }

    /// The overlay for what the guest writes to its system disk.
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
        for (Drive drive : Drive.values()) {
            if (!written(drive, spec)) {
                files.add(drive(drive));
            }
        }
        return files;
    }

    List<Path> writable(VmSpec spec, Origin origin) {
        var files = new ArrayList<>(List.of(overlay()));
        files.addAll(origin.writable());
        for (Drive drive : Drive.values()) {
            if (written(drive, spec)) {
                files.add(drive(drive));
            }
        }
        for (Port port : Port.values()) {
            files.add(socket(port));
        }
        return files;
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
        for (Drive drive : Drive.values()) {
            if (!written(drive, spec)) {
                Files.setAttribute(
                        drive(drive), "unix:gid", user.getAsInt(), LinkOption.NOFOLLOW_LINKS);
                Files.setPosixFilePermissions(
                        drive(drive), PosixFilePermissions.fromString(OTHERS_READ));
            }
        }
    }

    /// Takes back what QEMU has written and somebody may keep, so that its user can't write it any
    /// more.
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
}
