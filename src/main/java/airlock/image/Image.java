package airlock.image;

import airlock.base.Hash;
import airlock.vm.BootFiles;
import airlock.vm.BootFiles.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// An image: a directory with the system disk, facts, and kernel and initramfs or, for a disk that
/// starts by its own boot loader, a seed.
///
/// @param directory never changed once it is in the store
public record Image(Path directory) {
    static final String DISK = "disk.qcow2";
    static final String KERNEL = "vmlinuz";
    static final String INITRAMFS = "initramfs.cpio";
    static final String SEED = "seed.img";
    static final String FACTS = "facts.json";
    static final List<String> BOOTED = List.of(DISK, KERNEL, INITRAMFS);

    /// Opens the image in `directory` after checking its disk (H2).
    public static Image open(Path directory) {
        for (String name : Stream.concat(booted(directory).stream(), Stream.of(FACTS)).toList()) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                throw new ImageException(
                        "no image in %s: %s is missing; `airlock image build` makes one"
                                .formatted(directory, name));
            }
        }
        DiskCheck.check(directory.resolve(DISK));
        return new Image(directory);
    }

    static List<String> booted(Path directory) {
        return Files.exists(directory.resolve(SEED)) ? List.of(DISK, SEED) : BOOTED;
    }

    boolean isCloud() {
        return Files.exists(directory.resolve(SEED));
    }

    /// The files that a VM boots.
    ///
    /// @throws ImageException if its facts cannot be read
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

    /// Reads its facts.
    ///
    /// @throws ImageException if they cannot be read
    public Facts facts() {
        return Facts.read(directory.resolve(FACTS));
    }

    /// Hashes all booted files and compares them with the facts.
    ///
    /// @param progress gets lines about how far it is
    /// @return a line per difference
    public List<String> verify(Consumer<String> progress) {
        var known = facts().sha256();
        var wrong = new TreeMap<String, String>();
        for (String name : booted(directory)) {
            Path file = directory.resolve(name);
            String expected = known.getOrDefault(name, "");
            String found = StoreFiles.hash(file, Hash.sha256(), "reading " + name, progress);
            if (expected.isEmpty()) {
                wrong.put(name, name + ": facts.json has no sha256 for it; found " + found);
            } else if (!found.equals(expected)) {
                wrong.put(name, name + ": sha256 is " + found + ", was " + expected);
            }
        }
        return List.copyOf(wrong.values());
    }
}
