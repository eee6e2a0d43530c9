package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Makes a system disk of an archive by mke2fs(8), which takes owners and modes from it without
/// root. The same archive gives the same bytes.
final class SystemDisk {
    /// What programs that want to write a time take instead (reproducible-builds.org): the day of
    /// Debian 13.
    static final String EPOCH = "SOURCE_DATE_EPOCH";

    static final String DATE = "1754697600";

    private static final Tool MKE2FS = new Tool("mke2fs");
    private static final Tool QEMU_IMG = new Tool("qemu-img");

    /// The file system's id; also in the place of what mke2fs(8) draws by lot to spread names.
    private static final String FILE_SYSTEM = "3f1c8f0e-9c5e-4a65-9c1e-0d6a5b1f7a11";

    /// What these programs write is never read but by them.
    private static final int SHOWN = 100;

    private static final List<Path> READS = List.of(Path.of("/etc/mke2fs.conf"));

    private final Path home;
    private final Box box;

    private SystemDisk(Path home, Box box) {
        this.home = home;
        this.box = box;
    }

    /// @param work for files that nobody needs afterwards
    /// @param box around the programs that make the disk
    static SystemDisk in(Path work, Box box) throws IOException {
        return new SystemDisk(Files.createDirectory(work.resolve("home")), box);
    }

    /// Where the archive or the raw disk lies, since the programs see no other directory.
    Path home() {
        return home;
    }

    /// @param root a tar archive in GNU's format: of PAX headers mke2fs can't read names beyond
    ///     ASCII
    /// @param size as mke2fs(8) writes it
    /// @param disk the qcow2 disk that is made
    void make(Path root, String size, Path disk) throws IOException, InterruptedException {
        Path raw = home.resolve("disk.raw");
        run(
                MKE2FS.with(Map.of(EPOCH, DATE)),
                "-q",
                "-t",
                "ext4",
                "-O",
                "^has_journal",
                "-m",
                "0",
                "-U",
                FILE_SYSTEM,
                "-E",
                "hash_seed=" + FILE_SYSTEM,
                "-d",
                root.toString(),
                raw.toString(),
                size);
        raw(raw, disk);
    }

    /// Makes a qcow2 disk of a raw one; the format is named, so nothing in it is taken for a
    /// header (H2). A program in a box may be another's by now, so what it left is looked at.
    void raw(Path raw, Path disk) throws IOException, InterruptedException {
        Path made = home.resolve("disk");
        run(QEMU_IMG, "convert", "-f", "raw", "-O", "qcow2", raw.toString(), made.toString());
        DiskCheck.check(made);
        StoreFiles.own(made);
        Files.move(made, disk);
    }

    private void run(Tool tool, String... arguments) throws IOException, InterruptedException {
        if (box.equals(Box.NONE)) {
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
