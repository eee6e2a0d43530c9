package airlock.image;

import airlock.image.Initramfs.KernelModules;
import airlock.sandbox.Sandbox;
import airlock.vm.BootFiles.Emulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes the files of an image: installs Debian packages with mmdebstrap(1), and makes the disk
/// from the tar archive with mke2fs(8), so that owners are right without root.
final class ImageBuilder {
    private static final Tool MMDEBSTRAP =
            new Tool(
                    "mmdebstrap",
                    "An ordinary user needs newuidmap (apt-get install uidmap) and a range of"
                            + " ids in /etc/subuid and /etc/subgid.");
    private static final Tool TAR = new Tool("tar");
    private static final Tool BSDTAR = new Tool("bsdtar");
    private static final Tool XZ = new Tool("xz");

    private static final String EPOCH = SystemDisk.EPOCH;
    private static final String DATE = SystemDisk.DATE;

    /// mmdebstrap(1) copies these two from the host.
    private static final String HOST_FILES =
            "--customize-hook=rm -f \"$1\"/etc/resolv.conf \"$1\"/etc/hostname";

    private final Path directory;
    private final Path work;
    private final Consumer<String> progress;

    ImageBuilder(Path directory, Consumer<String> progress) {
        this.directory = directory;
        this.work = directory.resolve(ImageStore.WORK);
        this.progress = progress;
    }

    /// Makes all files; the facts have no hashes and time yet.
    Facts build(Recipe recipe, Path guestProgram) throws IOException, InterruptedException {
        Files.createDirectories(work);
        Path root = work.resolve("root.tar");
        progress.accept(
                "installing " + recipe.packages().size() + " packages of Debian " + recipe.suite());
        packages(recipe, root);
        progress.accept("taking kernel and modules");
        kernel(recipe, guestProgram, root);
        var installed = installed(root);
        var emulation = emulation(root);
        progress.accept("making the system disk of " + installed.size() + " packages");
        disk(recipe, root);
        return Facts.of(recipe, installed, emulation, StoreFiles.sha256(guestProgram));
    }

    private void packages(Recipe recipe, Path root) throws IOException, InterruptedException {
        var arguments = new ArrayList<String>();
        arguments.addAll(List.of("--variant=minbase", "--mode=auto", "--format=tar"));
        arguments.add("--include=" + String.join(",", recipe.packages()));
        recipe.commands().forEach(command -> arguments.add(hook(command)));
        arguments.add(HOST_FILES);
        arguments.add(recipe.suite());
        arguments.add(root.toString());
        arguments.addAll(recipe.mirrors());
        MMDEBSTRAP
                .with(Map.of(EPOCH, DATE, "TMPDIR", Scratch.in(directory).toString()))
                .run(arguments.toArray(String[]::new));
    }

    /// The option of mmdebstrap(1) that runs `command` in the image, by the image's own shell.
    static String hook(String command) {
        return "--customize-hook=env -i PATH="
                + Tool.PATH
                + " HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "
                + EPOCH
                + "="
                + DATE
                + " chroot \"$1\" /bin/sh -euc '"
                + command.replace("'", "'\\''")
                + "'";
    }

    private SortedMap<String, String> installed(Path root)
            throws IOException, InterruptedException {
        Path status = work.resolve("status");
        TAR.write(status, "-xOf", root.toString(), "./var/lib/dpkg/status");
        return Installed.read(status);
    }

    private Emulation emulation(Path root) throws IOException, InterruptedException {
        Path names = work.resolve("names");
        TAR.write(names, "-tf", root.toString());
        // names may contain any bytes
        try (var lines = Files.lines(names, StandardCharsets.ISO_8859_1)) {
            return Facts.emulation(lines);
        }
    }

    private void kernel(Recipe recipe, Path guestProgram, Path root)
            throws IOException, InterruptedException {
        Path tree = Files.createDirectories(work.resolve("tree"));
        TAR.run(
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

    /// Decompresses a module, since the guest's kernel loads only plain ones.
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
        XZ.write(plain, "-dc", module.toString());
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

    private void disk(Recipe recipe, Path root) throws IOException, InterruptedException {
        // mke2fs cannot read non-ASCII names from the PAX headers that mmdebstrap writes
        Path plain = work.resolve("root-gnu.tar");
        BSDTAR.run("-cf", plain.toString(), "--format=gnutar", "@" + root);
        SystemDisk.in(work, Sandbox.NONE).make(plain, recipe.disk(), directory.resolve(Image.DISK));
    }

    /// Reads the installed packages from dpkg's status file (dpkg(1), deb822(5)).
    static final class Installed {
        private static final long LONGEST = 64L << 20;
        private static final Pattern FIELD =
                Pattern.compile("(?md)^(Package|Version|Status):(.*)$");

        private Installed() {}

        /// Versions by package.
        ///
        /// @param status `/var/lib/dpkg/status` of the image
        static SortedMap<String, String> read(Path status) throws IOException {
            if (Files.size(status) > LONGEST) {
                throw new ImageException("dpkg's status file is longer than " + LONGEST + " bytes");
            }
            var packages = new TreeMap<String, String>();
            // only descriptions have bytes beyond ASCII
            String text = Files.readString(status, StandardCharsets.ISO_8859_1);
            for (String stanza : text.split("\n[ \t]*\n", -1)) {
                var fields =
                        FIELD.matcher(stanza)
                                .results()
                                .collect(
                                        Collectors.toMap(
                                                field -> field.group(1),
                                                Installed::value,
                                                (_, last) -> last));
                String name = fields.getOrDefault("Package", "");
                String version = fields.getOrDefault("Version", "");
                if (fields.getOrDefault("Status", "").equals("install ok installed")
                        && !name.isEmpty()
                        && !version.isEmpty()) {
                    packages.put(name, version);
                }
            }
            return packages;
        }

        private static String value(MatchResult field) {
            return field.group(2).strip();
        }
    }
}
