package airlock.image;

import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes a system disk of a tar archive with mke2fs(8), which sets owners and modes without root.
/// The same archive gives the same bytes.
final class SystemDisk {
    /// The variable that replaces the current time (reproducible-builds.org): the day of Debian
    /// 13's release.
    static final String EPOCH = "SOURCE_DATE_EPOCH";

    static final String DATE = "1754697600";

    private static final Tool MKE2FS = new Tool("mke2fs");
    private static final Tool QEMU_IMG = new Tool("qemu-img");

    /// The file system's id, also used as hash seed, which mke2fs(8) would choose at random.
    private static final String FILE_SYSTEM = "3f1c8f0e-9c5e-4a65-9c1e-0d6a5b1f7a11";

    private static final int SHOWN = 100;

    private static final List<Path> READS = List.of(Path.of("/etc/mke2fs.conf"));

    private final Path home;
    private final Sandbox box;

    private SystemDisk(Path home, Sandbox box) {
        this.home = home;
        this.box = box;
    }

    /// @param work a directory for temporary files
    /// @param box runs the programs that make the disk
    static SystemDisk in(Path work, Sandbox box) throws IOException {
        return new SystemDisk(Files.createDirectory(work.resolve("home")), box);
    }

    /// The only directory that the programs see; the archive or raw disk must be here.
    Path home() {
        return home;
    }

    /// @param root a tar archive in GNU's format: mke2fs cannot read non-ASCII names in PAX headers
    /// @param size in the notation of mke2fs(8)
    /// @param disk the qcow2 file to create
    void make(Path root, String size, Path disk) throws IOException, InterruptedException {
        Path raw = home.resolve("disk.raw");
        var words = new ArrayList<>(List.of("-q -t ext4 -O ^has_journal -m 0".split(" ", -1)));
        words.addAll(List.of("-U", FILE_SYSTEM, "-E", "hash_seed=" + FILE_SYSTEM));
        words.addAll(List.of("-d", root.toString(), raw.toString(), size));
        run(MKE2FS.with(Map.of(EPOCH, DATE)), words.toArray(String[]::new));
        raw(raw, disk);
    }

    /// Converts a raw disk to qcow2. The format is explicit, so that its content is never taken for
    /// a header (H2). The result is checked, since the program may have been taken over.
    void raw(Path raw, Path disk) throws IOException, InterruptedException {
        Path made = home.resolve("disk");
        run(QEMU_IMG, "convert", "-f", "raw", "-O", "qcow2", raw.toString(), made.toString());
        DiskCheck.check(made);
        StoreFiles.own(made);
        Files.move(made, disk);
    }

    private void run(Tool tool, String... arguments) throws IOException, InterruptedException {
        if (box.equals(Sandbox.NONE)) {
            tool.run(arguments);
            return;
        }
        var program =
                new WalledProgram(
                        tool.toString(), box.start(home, READS, tool.line(arguments)), SHOWN);
        program.await();
        program.checkEnd("cannot make the system disk");
    }
}
