package airlock.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// The files of one VM. The two directories belong to Airlock alone; QEMU's user owns the files
/// that it writes, and can make none.
///
/// @param directory on disk: system disk's overlay, drives, marker
/// @param memory on tmpfs: sockets, and the secrets' drive until QEMU has opened it
record VmFiles(Path directory, Path memory) {
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
        // set apart from making, so that the umask has no say
        Files.setPosixFilePermissions(directory, mode);
        Files.setPosixFilePermissions(memory, mode);
    }

    /// The overlay that takes what the guest writes to its system disk.
    Path overlay() {
        return directory.resolve("vda");
    }

    Path drive(Drive drive) {
        return (drive == Drive.SECRETS ? memory : directory).resolve(drive.node());
    }

    Path socket(Port port) {
        return memory.resolve(port.id());
    }

    /// What QEMU reads and never writes.
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

    /// What QEMU writes.
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

    /// Gives QEMU's user what it needs, where that is not our own.
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

    /// Takes back what a guest may have written, so that nobody else can write it any more.
    void takeBack(VmSpec spec, OptionalInt user) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        for (Drive drive : spec.writable()) {
            Files.setAttribute(drive(drive), "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// Moves the overlay away; whoever wrote it can't any more.
    void takeSystem(Path target) throws IOException {
        Integer user = (Integer) Files.getAttribute(directory, "unix:uid");
        if (!Files.getAttribute(overlay(), "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(user)) {
            Files.setAttribute(overlay(), "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        }
        Files.move(overlay(), target);
    }
}
