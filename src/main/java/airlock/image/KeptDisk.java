package airlock.image;

import airlock.base.Json;
import airlock.sandbox.Sandbox;
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

/// Makes a new image of a disk that a person changed in a VM. A program in that VM may have taken
/// over QEMU, so QEMU's overlay is only read inside a sandbox.
///
/// @param parent must be in use, so that it stays
/// @param taken writes the changes, an overlay on the parent's disk, to a file
/// @param commands that the person typed
/// @param box runs qemu-img
record KeptDisk(
        Image parent, String name, Consumer<Path> taken, List<String> commands, Sandbox box) {
    /// 64 TiB: by its own tables a disk may be larger than its overlay says.
    private static final long MOST_BYTES = 1L << 46;

    private static final int SHOWN = 100;

    /// In qcow2's header, offset and length of the backing file's name.
    private static final int BACKING_AT = 8;

    private static final int BACKING_BYTES = 12;

    Facts make(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        Path home = Files.createDirectories(directory.resolve(ImageStore.WORK).resolve("home"));
        Path overlay = home.resolve("overlay");
        taken.accept(overlay);
        eraseBackingFile(overlay);
        DiskCheck.check(overlay);
        progress.accept("writing the system disk of " + name);
        Path disk = home.resolve("disk");
        convert(home, overlay, disk);
        DiskCheck.check(disk);
        StoreFiles.own(disk);
        Files.move(disk, directory.resolve(Image.DISK));
        switch (parent.boot().start()) {
            case BootFiles.Start.Kernel(var kernel, var initramfs) -> {
                StoreFiles.linkOrCopy(kernel, directory.resolve(Image.KERNEL));
                StoreFiles.linkOrCopy(initramfs, directory.resolve(Image.INITRAMFS));
            }
            case BootFiles.Start.Loader _ ->
                    throw new ImageException("its own boot loader would be lost");
        }
        return parent.facts()
                .changed(name, String.valueOf(parent.directory().getFileName()), commands);
    }

    /// The overlay names its backing file, which we do not trust: qemu-img gets ours.
    private static void eraseBackingFile(Path overlay) throws IOException {
        try (var channel = FileChannel.open(overlay, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(BACKING_BYTES), BACKING_AT);
        }
    }

    private void convert(Path home, Path overlay, Path disk)
            throws IOException, InterruptedException {
        var below = parent.boot().disk().toAbsolutePath();
        var node = new TreeMap<String, Object>(node(overlay));
        node.put("backing", node(below));
        String source = "json:" + Json.MAPPER.writeValueAsString(node);
        var command = List.of("qemu-img", "convert", "-O", "qcow2", source, disk.toString());
        var program =
                new WalledProgram("qemu-img", box.start(home, List.of(below), command), SHOWN);
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
