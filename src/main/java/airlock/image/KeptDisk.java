package airlock.image;

import airlock.base.Json;
import airlock.vm.BootFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Makes of an image another one, with what a person wrote to its system disk in a VM. A program
/// in that VM may have been stronger than QEMU, so what QEMU left is only read in walls.
///
/// @param parent what nobody removes meanwhile
/// @param taken puts what was written, an overlay on the parent's disk, into a file
/// @param commands what the person typed
/// @param box around the program that reads it
record KeptDisk(Image parent, String name, Consumer<Path> taken, List<String> commands, Box box)
        implements Making {
    /// A disk may hold more than its overlay says, by its own tables.
    private static final long MOST_BYTES = 1L << 46;

    private static final int SHOWN = 100;

    /// Offset and length of the backing file's name in qcow2's header.
    private static final int BACKING_AT = 8;

    private static final int BACKING_BYTES = 12;

    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path home =
                Files.createDirectory(
                        Files.createDirectories(directory.resolve(WORK)).resolve("home"));
        Path overlay = home.resolve("overlay");
        taken.accept(overlay);
        forgetBacking(overlay);
        DiskCheck.check(overlay);
        progress.accept("writing the system disk of " + name);
        Path disk = home.resolve("disk");
        convert(home, overlay, disk);
        DiskCheck.check(disk);
        StoreFiles.own(disk);
        Files.move(disk, directory.resolve(Image.DISK));
        switch (parent.boot().start()) {
            case BootFiles.Start.Kernel(var kernel, var initramfs) -> {
                Renewal.same(kernel, directory.resolve(Image.KERNEL));
                Renewal.same(initramfs, directory.resolve(Image.INITRAMFS));
            }
            case BootFiles.Start.Loader _ ->
                    throw new ImageException("its own boot loader would be lost");
        }
        return parent.facts()
                .changed(name, String.valueOf(parent.directory().getFileName()), commands);
    }

    /// The overlay's own word for the disk below it counts for nothing: qemu-img is told of the
    /// one that is meant.
    private static void forgetBacking(Path overlay) throws IOException {
        try (var channel = FileChannel.open(overlay, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(BACKING_BYTES), BACKING_AT);
        }
    }

    private void convert(Path home, Path overlay, Path disk)
            throws IOException, InterruptedException {
        var below = parent.boot().disk().toAbsolutePath();
        var backing = new TreeMap<String, Object>(node(below));
        var node = new TreeMap<String, Object>(node(overlay));
        node.put("backing", backing);
        String source = "json:" + Json.MAPPER.writeValueAsString(node);
        var program =
                new WalledProgram(
                        "qemu-img",
                        box.start(
                                home,
                                List.of(below),
                                List.of(
                                        "qemu-img",
                                        "convert",
                                        "-O",
                                        "qcow2",
                                        source,
                                        disk.toString())),
                        SHOWN);
        program.await(() -> length(disk), MOST_BYTES, "qemu-img wrote nothing");
        program.checkEnd("cannot write the disk");
    }

    private static Map<String, Object> node(Path file) {
        return Map.of(
                "driver", "qcow2", "file", Map.of("driver", "file", "filename", file.toString()));
    }

    private static long length(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
        } catch (IOException _) {
            // not there yet
            return 0;
        }
    }
}
