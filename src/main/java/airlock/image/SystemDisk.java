package airlock.image;

import java.nio.file.Path;
import java.util.Map;

/// Makes a system disk of an archive by mke2fs(8), which takes owners and modes from it without
/// root. The same archive gives the same bytes.
final class SystemDisk {
    /// What programs that want to write a time take instead (reproducible-builds.org): the day of
    /// Debian 13.
    static final String EPOCH = "SOURCE_DATE_EPOCH";

    static final String DATE = "1754697600";

    private static final Tool MKE2FS = new Tool("mke2fs", "e2fsprogs");
    private static final Tool QEMU_IMG = new Tool("qemu-img", "qemu-utils");

    /// The file system's id; also in the place of what mke2fs(8) draws by lot to spread names.
    private static final String FILE_SYSTEM = "3f1c8f0e-9c5e-4a65-9c1e-0d6a5b1f7a11";

    private final Path work;

    /// @param work for files that nobody needs afterwards
    SystemDisk(Path work) {
        this.work = work;
    }

    /// @param root a tar archive in GNU's format: of PAX headers mke2fs can't read names beyond
    ///     ASCII
    /// @param size as mke2fs(8) writes it
    /// @param disk the qcow2 disk that is made
    void make(Path root, String size, Path disk) throws InterruptedException {
        Path raw = work.resolve("disk.raw");
        MKE2FS.with(Map.of(EPOCH, DATE))
                .run(
                        work.resolve("mke2fs.out"),
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
    /// header (H2).
    void raw(Path raw, Path disk) throws InterruptedException {
        QEMU_IMG.run(
                work.resolve("qemu-img.out"),
                "convert",
                "-f",
                "raw",
                "-O",
                "qcow2",
                raw.toString(),
                disk.toString());
    }
}
