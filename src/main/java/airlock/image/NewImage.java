package airlock.image;

import airlock.base.Hash;
import airlock.vm.BootFiles.Emulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An image to be made of a root file system, with the kernel and modules of another image.
///
/// @param kernel the other image
record NewImage(String name, Image kernel, Path guestProgram) {
    void writeBootFiles(Path directory) throws IOException {
        var boot = kernel.boot();
        Files.copy(boot.kernel(), directory.resolve(Image.KERNEL));
        Initramfs.renew(boot.initramfs(), guestProgram, directory.resolve(Image.INITRAMFS));
    }

    Facts facts(String from, Facts.Software software, Emulation emulation) {
        String parent = String.valueOf(kernel.directory().getFileName());
        return Facts.unsealed(
                name,
                Facts.Origin.imported(from, parent),
                software,
                StoreFiles.sha256(guestProgram),
                Optional.empty(),
                emulation);
    }

    /// The key of an image that is made from a source with this sum.
    String key(String kind, String sum) {
        String guest = StoreFiles.sha256(guestProgram);
        return Hash.sha256(String.join("\n", kind, sum, kernel.facts().hash(), guest) + "\n");
    }
}
