package airlock.vm;

import airlock.base.FullDisk;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.program.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the files behind a VM's drives, and copies archives from them. All are sparse, raw, of the
/// slot's size, and readable by their owner only.
final class Drives {
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(2);
    private static final Set<OpenOption> READ =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final long VIRTUAL_SIZE = 24;

    private Drives() {}

    /// Why the inputs do not fit their slots; empty when they do.
    static Optional<String> misfit(VmSpec spec) throws IOException {
        for (var input : spec.contents().entrySet()) {
            long size =
                    switch (input.getValue()) {
                        case DriveContent.Copy(var file) -> Files.size(file);
                        case DriveContent.Bytes(var bytes) -> bytes.length;
                    };
            long slot = spec.shape().slots().of(input.getKey());
            if (size > slot) {
                return Optional.of(
                        "%s has %d bytes and its drive %s only %d; the operator sets drive sizes"
                                .formatted(
                                        input.getKey().name().toLowerCase(java.util.Locale.ROOT),
                                        size,
                                        input.getKey().node(),
                                        slot));
            }
        }
        return Optional.empty();
    }

    /// Makes a slot of zeros.
    static void empty(Path file, long slot) throws IOException {
        try (var out = OwnFiles.create(file)) {
            extend(out, slot);
        }
    }

    /// Makes a slot that begins with `content`.
    static void filled(Path file, long slot, DriveContent content) throws IOException {
        try (var out = OwnFiles.create(file)) {
            fill(out, content);
            extend(out, slot);
        }
    }

    /// Writes `content` from the beginning of an open drive.
    static void fill(FileChannel out, DriveContent content) throws IOException {
        switch (content) {
            case DriveContent.Copy(var from) -> copy(from, out, Files.size(from));
            case DriveContent.Bytes(var bytes) -> write(out, bytes);
        }
    }

    /// Makes a slot with an empty ext4 file system without journal, for `/ci`.
    static void scratch(Path file, long slot) throws IOException, InterruptedException {
        empty(file, slot);
        tool(
                file,
                List.of(
                        "mke2fs",
                        "-q",
                        "-F",
                        "-t",
                        "ext4",
                        "-O",
                        "^has_journal,^resize_inode",
                        "-m",
                        "0",
                        "-E",
                        "assume_storage_prezeroed=1",
                        file.toString()));
    }

    /// Makes the overlay that takes what the guest writes to `disk`. `-u`, because qemu-img would
    /// else open the disk, here, outside of all walls.
    static void overlay(Path file, Path disk) throws IOException, InterruptedException {
        tool(
                file,
                List.of(
                        "qemu-img",
                        "create",
                        "-q",
                        "-u",
                        "-f",
                        "qcow2",
                        "-F",
                        "qcow2",
                        "-b",
                        disk.toAbsolutePath().toString(),
                        file.toString(),
                        Long.toString(virtualSize(disk))));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /// Copies a raw disk that no guest code was on into a qcow2 one, which is as long as what is
    /// there.
    static void withoutHoles(Path raw, Path qcow2) throws IOException, InterruptedException {
        tool(
                qcow2,
                List.of(
                        "qemu-img",
                        "convert",
                        "-q",
                        "-f",
                        "raw",
                        "-O",
                        "qcow2",
                        raw.toString(),
                        qcow2.toString()));
    }

    /// Makes a file with the very bytes of another.
    static void same(Path from, Path file) throws IOException {
        try (var out = OwnFiles.create(file)) {
            copy(from, out, Files.size(from));
        }
    }

    /// What a qcow2 disk says that it holds (QEMU's docs/interop/qcow2.txt).
    private static long virtualSize(Path disk) throws IOException {
        var size = ByteBuffer.allocate(Long.BYTES);
        try (var in = FileChannel.open(disk, StandardOpenOption.READ)) {
            while (size.hasRemaining()) {
                if (in.read(size, VIRTUAL_SIZE + size.position()) < 0) {
                    throw new IOException(disk + " is no qcow2 disk");
                }
            }
        }
        return size.getLong(0);
    }

    /// Copies the first `length` bytes of a drive, unread, into a new file.
    static Vm.Archive take(Path drive, long length, Path target) {
        try {
            try (var out = OwnFiles.create(target)) {
                copy(drive, out, length);
                out.force(true);
            }
            return new Vm.Archive(target, length, Hash.sha256(target));
        } catch (IOException e) {
            throw new VmException(
                    "cannot copy %d bytes of %s to %s: %s"
                            .formatted(length, drive, target, e.getMessage()),
                    e);
        }
    }

    /// Lets the kernel copy: a reflink where the file system can.
    private static void copy(Path from, FileChannel out, long length) throws IOException {
        try (var in = FileChannel.open(from, READ)) {
            long at = 0;
            while (at < length) {
                long copied = in.transferTo(at, length - at, out);
                if (copied <= 0) {
                    throw new IOException(
                            "%s ends after %d of %d bytes".formatted(from, at, length));
                }
                at += copied;
            }
        }
    }

    private static void write(FileChannel out, byte[] bytes) throws IOException {
        var left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            out.write(left);
        }
    }

    private static void extend(FileChannel out, long size) throws IOException {
        if (out.size() < size) {
            out.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    /// @param file that it writes
    private static void tool(Path file, List<String> argv)
            throws IOException, InterruptedException {
        var ending = Program.run(argv, TOOL_LIMIT);
        if (!ending.passed()) {
            throw new IOException(FullDisk.explained(ending.words(), file));
        }
    }
}
