package airlock.image;

import airlock.vm.BootFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Makes of an image the same one with another guest program: disk and kernel are the same files.
///
/// @param old what nobody removes meanwhile
record Renewal(Image old, Path guestProgram) implements Making {
    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        progress.accept("giving " + old.directory().getFileName() + " the present guest program");
        var boot = old.boot();
        same(boot.disk(), directory.resolve(Image.DISK));
        switch (boot.start()) {
            case BootFiles.Start.Kernel(var kernel, var initramfs) -> {
                same(kernel, directory.resolve(Image.KERNEL));
                Initramfs.renew(initramfs, guestProgram, directory.resolve(Image.INITRAMFS));
            }
            case BootFiles.Start.Loader _ ->
                    CloudSeed.write(directory.resolve(Image.SEED), guestProgram);
        }
        return old.facts().withGuest(Hashes.of(guestProgram));
    }

    /// The same file under another name where that can be, else a copy.
    static void same(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException _) {
            Files.copy(from, to);
        }
    }
}
