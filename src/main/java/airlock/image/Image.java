package airlock.image;

import airlock.vm.BootFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/// An image: a directory with system disk, kernel, initramfs and facts.
///
/// @param directory never written to once it is there
public record Image(Path directory) {
    static final String DISK = "disk.qcow2";
    static final String KERNEL = "vmlinuz";
    static final String INITRAMFS = "initramfs.cpio";
    static final String FACTS = "facts.json";

    /// Opens the image in `directory` after a look at its disk (H2).
    public static Image open(Path directory) {
        for (String name : new String[] {DISK, KERNEL, INITRAMFS, FACTS}) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                throw new ImageException(
                        "no image in "
                                + directory
                                + ": "
                                + name
                                + " is missing; `airlock image build` makes one");
            }
        }
        DiskCheck.check(directory.resolve(DISK));
        return new Image(directory);
    }

    /// What a VM starts from.
    public BootFiles boot() {
        return new BootFiles(
                directory.resolve(KERNEL), directory.resolve(INITRAMFS), directory.resolve(DISK));
    }
}
