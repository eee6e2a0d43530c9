package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Makes an image's files in an empty directory: Debian's packages by mmdebstrap(1), the disk by
/// mke2fs(8) from the archive itself, so that owners stay right without root.
final class ImageBuilder {
    private static final Tool MMDEBSTRAP =
            new Tool(
                    "mmdebstrap",
                    "mmdebstrap uidmap",
                    "Whoever is not root needs newuidmap (apt-get install uidmap) and a range of ids in /etc/subuid and /etc/subgid.");
    private static final Tool TAR = new Tool("tar", "tar");
    private static final Tool BSDTAR = new Tool("bsdtar", "libarchive-tools");
    private static final Tool XZ = new Tool("xz", "xz-utils");
    private static final Tool MKE2FS = new Tool("mke2fs", "e2fsprogs");
    private static final Tool QEMU_IMG = new Tool("qemu-img", "qemu-utils");

    private final Path directory;
    private final Path work;
    private final Consumer<String> progress;

    ImageBuilder(Path directory, Consumer<String> progress) {
        this.directory = directory;
        this.work = directory.resolve("work");
        this.progress = progress;
    }

    void build(Recipe recipe, Path guestProgram) throws IOException, InterruptedException {
        Files.createDirectories(work);
        Path root = work.resolve("root.tar");
        progress.accept(
                "installing " + recipe.packages().size() + " packages of Debian " + recipe.suite());
        MMDEBSTRAP.run(
                work.resolve("mmdebstrap.out"),
                "--variant=minbase",
                "--mode=auto",
                "--format=tar",
                "--include=" + String.join(",", recipe.packages()),
                recipe.suite(),
                root.toString());
        progress.accept("taking kernel and modules");
        kernel(recipe, guestProgram, root);
        progress.accept("making the system disk");
        disk(recipe, root);
    }

    private void kernel(Recipe recipe, Path guestProgram, Path root)
            throws IOException, InterruptedException {
        Path tree = Files.createDirectories(work.resolve("tree"));
        TAR.run(
                work.resolve("tar.out"),
                "-xf",
                root.toString(),
                "-C",
                tree.toString(),
                "--no-same-owner",
                "--wildcards",
                "./boot/vmlinuz-*",
                "./usr/lib/modules/*");
        Files.move(only(tree.resolve("boot")), directory.resolve(Image.KERNEL));
        Path modules = only(tree.resolve("usr/lib/modules"));
        var files = new ArrayList<Path>();
        for (Path file : new KernelModules(modules).inOrder(recipe.modules())) {
            files.add(plain(file, work));
        }
        Initramfs.write(directory.resolve(Image.INITRAMFS), guestProgram, files);
    }

    /// The module as the guest's kernel loads it, uncompressed.
    static Path plain(Path module, Path work) throws InterruptedException {
        String name = String.valueOf(module.getFileName());
        if (name.endsWith(".ko")) {
            return module;
        }
        if (!name.endsWith(".ko.xz")) {
            throw new ImageException(
                    "the kernel module " + name + " is neither plain nor compressed by xz");
        }
        Path plain = work.resolve(name.substring(0, name.length() - ".xz".length()));
        XZ.run(plain, "-dc", module.toString());
        return plain;
    }

    static Path only(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> all = entries.toList();
            if (all.size() != 1) {
                throw new ImageException(
                        "expected one kernel in " + folder + ", found " + all.size());
            }
            return all.getFirst();
        }
    }

    private void disk(Recipe recipe, Path root) throws InterruptedException {
        // mke2fs can't read names beyond ASCII out of the PAX headers that mmdebstrap writes
        Path plain = work.resolve("root-gnu.tar");
        BSDTAR.run(
                work.resolve("bsdtar.out"), "-cf", plain.toString(), "--format=gnutar", "@" + root);
        Path raw = work.resolve("disk.raw");
        MKE2FS.run(
                work.resolve("mke2fs.out"),
                "-q",
                "-t",
                "ext4",
                "-O",
                "^has_journal",
                "-m",
                "0",
                "-d",
                plain.toString(),
                raw.toString(),
                recipe.disk());
        QEMU_IMG.run(
                work.resolve("qemu-img.out"),
                "convert",
                "-f",
                "raw",
                "-O",
                "qcow2",
                raw.toString(),
                directory.resolve(Image.DISK).toString());
    }
}
