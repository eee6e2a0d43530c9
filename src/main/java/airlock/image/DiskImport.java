package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Takes a disk of somebody else's into the store: a root file system on the bare disk, raw or
/// qcow2, that starts with the kernel and the initramfs of an image that is there (H2).
///
/// @param disk of somebody else's
/// @param from where it came from, for people
record DiskImport(DiskCopy disk, Import.Become become, String from) implements Making {
    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        switch (disk.into(directory, progress)) {
            case DiskKind.FileSystem _ -> {}
            case DiskKind.Partitions _, DiskKind.Unknown _ -> throw refused(disk.source());
        }
        var boot = become.kernel().boot();
        Files.copy(boot.kernel(), directory.resolve(Image.KERNEL));
        Initramfs.renew(
                boot.initramfs(), become.guestProgram(), directory.resolve(Image.INITRAMFS));
        String kernel = String.valueOf(become.kernel().directory().getFileName());
        return Facts.ofDisk(become.name(), from, kernel, become.guestProgram(), Optional.empty());
    }

    static ImageException refused(Path disk) {
        return new ImageException(
                "the disk "
                        + disk
                        + " is not taken: it does not begin with an ext4 file system, nor with"
                        + " partitions (MBR, or GPT with sectors of 512 bytes)");
    }
}
