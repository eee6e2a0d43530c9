package airlock.image;

import airlock.vm.BootFiles;
import airlock.vm.BootFiles.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/// An image: a directory with system disk, kernel, initramfs and facts; of a disk that starts by
/// its own boot loader, with system disk, seed and facts.
///
/// @param directory never written to once it is there
public record Image(Path directory) {
    static final String DISK = "disk.qcow2";
    static final String KERNEL = "vmlinuz";
    static final String INITRAMFS = "initramfs.cpio";
    static final String SEED = "seed.img";
    static final String FACTS = "facts.json";
    static final List<String> BOOTED = List.of(DISK, KERNEL, INITRAMFS);

    /// Opens the image in `directory` after a look at its disk (H2).
    public static Image open(Path directory) {
        for (String name : files(directory)) {
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

    private static List<String> files(Path directory) {
        var files = new ArrayList<>(booted(directory));
        files.add(FACTS);
        return files;
    }

    /// Names of the files that are booted.
    static List<String> booted(Path directory) {
        return Files.exists(directory.resolve(SEED)) ? List.of(DISK, SEED) : BOOTED;
    }

    /// Whether it starts by a boot loader of its own.
    boolean isCloud() {
        return Files.exists(directory.resolve(SEED));
    }

    /// What a VM starts from.
    ///
    /// @throws ImageException where its facts can't be read
    public BootFiles boot() {
        var facts = facts();
        return new BootFiles(directory.resolve(DISK), start(facts), facts.emulation());
    }

    private Start start(Facts facts) {
        if (!isCloud()) {
            return new Start.Kernel(directory.resolve(KERNEL), directory.resolve(INITRAMFS));
        }
        var firmware =
                facts.firmware()
                        .orElseThrow(
                                () ->
                                        new ImageException(
                                                directory.resolve(FACTS)
                                                        + " does not say for which firmware the"
                                                        + " image is: uefi or bios"));
        return new Start.Loader(firmware, directory.resolve(SEED));
    }

    /// What is known of it.
    ///
    /// @throws ImageException where that can't be read
    public Facts facts() {
        return FactsFile.read(directory.resolve(FACTS));
    }

    /// Reads all that is booted and compares it with the facts.
    ///
    /// @param progress hears how far it is
    /// @return what is wrong, a line each; empty where nothing is
    public List<String> verify(Consumer<String> progress) {
        var known = facts().sha256();
        var wrong = new TreeMap<String, String>();
        for (String name : booted(directory)) {
            Path file = directory.resolve(name);
            String expected = known.getOrDefault(name, "");
            String found = Hashes.of(file, Pace.of(file, "reading " + name, progress));
            if (expected.isEmpty()) {
                wrong.put(name, name + ": facts.json has no sha256 of it; found " + found);
            } else if (!found.equals(expected)) {
                wrong.put(name, name + ": sha256 is " + found + ", was " + expected);
            }
        }
        return List.copyOf(wrong.values());
    }
}
