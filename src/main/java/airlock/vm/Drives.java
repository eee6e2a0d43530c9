package airlock.vm;

import airlock.base.FullDisk;
import airlock.base.Hash;
import airlock.base.OwnFiles;
import airlock.program.Program;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Makes the files behind a VM's drives, and copies archives from them. All are sparse, raw, as
/// long as their slot, and readable by their owner only.
final class Drives {
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(2);
    private static final Set<OpenOption> READ =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final long VIRTUAL_SIZE = 24;
    private static final DriveContent NOTHING = new DriveContent.Bytes(new byte[0]);

    private Drives() {}

    /// The end of a VM whose steps or inputs do not fit.
    static Optional<VmEnd> refuse(VmSpec spec) throws IOException {
        if (StepList.encode(spec.steps(), spec.limits().guest())
                instanceof StepList.Encoding.Refused(var step, var reason)) {
            String why = step < 0 ? reason : "step %d: %s".formatted(step + 1, reason);
            return Optional.of(new VmEnd.OverLimit(VmEnd.Limited.STEPS, why));
        }
        for (var input : spec.contents().entrySet()) {
            long size =
                    switch (input.getValue()) {
                        case DriveContent.Copy(var file) -> Files.size(file);
                        case DriveContent.Bytes(var bytes) -> bytes.length;
                    };
            Drive drive = input.getKey();
            long slot = spec.shape().slots().of(drive);
            if (size > slot) {
                String why =
                        "%s has %d bytes and its drive %s only %d; the operator sets drive sizes"
                                .formatted(
                                        drive.name().toLowerCase(Locale.ROOT),
                                        size,
                                        drive.node(),
                                        slot);
                return Optional.of(new VmEnd.OverLimit(VmEnd.Limited.INPUT, why));
            }
        }
        return Optional.empty();
    }

    /// Makes all files that QEMU writes or reads as drives. The secrets' drive stays empty until
    /// the guest waits at its gate. Nothing of a run may be in a VM that becomes a template: its
    /// spec has no content.
    static void make(VmSpec spec, VmFiles files, Origin origin)
            throws IOException, InterruptedException {
        files.create();
        switch (origin) {
            case Origin.Cold _ -> overlay(files.overlay(), spec.boot().disk());
            case Origin.Making(var ram, var saved) -> {
                overlay(files.overlay(), spec.boot().disk());
                empty(ram, (long) spec.shape().memoryMib() << 20);
                Files.createFile(saved);
            }
            case Origin.Clone(var template) ->
                    filled(files.overlay(), 0, new DriveContent.Copy(template.blankDisk()));
        }
        for (Drive drive : Drive.values()) {
            var file = files.drive(drive);
            long slot = spec.shape().slots().of(drive);
            switch (drive) {
                case PLAN -> filled(file, slot, plan(spec));
                case SCRATCH -> {
                    if (origin instanceof Origin.Clone(var template)) {
                        filled(file, 0, new DriveContent.Copy(template.blankScratch()));
                    } else {
                        scratch(file, slot);
                    }
                }
                case SECRETS -> empty(file, slot);
                case SOURCE, ARTIFACTS, CACHE, DEPENDENCIES -> {
                    var content = spec.contents().get(drive);
                    filled(file, slot, content == null ? NOTHING : content);
                }
            }
        }
    }

    static DriveContent plan(VmSpec spec) throws IOException {
        return switch (StepList.encode(spec.steps(), spec.limits().guest())) {
            case StepList.Encoding.Encoded plan -> new DriveContent.Bytes(plan.drive());
            case StepList.Encoding.Refused(_, var reason) ->
                    throw new IOException("refused before: " + reason);
        };
    }

    static void empty(Path file, long slot) throws IOException {
        filled(file, slot, NOTHING);
    }

    static void filled(Path file, long slot, DriveContent content) throws IOException {
        try (var out = OwnFiles.create(file)) {
            fill(out, content);
            extend(out, slot);
        }
    }

    static void fill(FileChannel out, DriveContent content) throws IOException {
        switch (content) {
            case DriveContent.Copy(var from) -> copy(from, out, Files.size(from));
            case DriveContent.Bytes(var bytes) -> Channels.newOutputStream(out).write(bytes);
        }
    }

    static void scratch(Path file, long slot) throws IOException, InterruptedException {
        empty(file, slot);
        String options =
                "-q -F -t ext4 -O ^has_journal,^resize_inode -m 0 -E assume_storage_prezeroed=1";
        tool(file, "mke2fs " + options, file);
    }

    /// Makes the overlay on `disk`. `-u` keeps qemu-img from opening the disk here, outside of all
    /// walls.
    static void overlay(Path file, Path disk) throws IOException, InterruptedException {
        tool(
                file,
                "qemu-img create -q -u -f qcow2 -F qcow2 -b",
                disk.toAbsolutePath(),
                file,
                virtualSize(disk));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    static void withoutHoles(Path raw, Path qcow2) throws IOException, InterruptedException {
        tool(qcow2, "qemu-img convert -q -f raw -O qcow2", raw, qcow2);
    }

    /// The size that a qcow2 disk has for its guest (QEMU's docs/interop/qcow2.txt).
    private static long virtualSize(Path disk) throws IOException {
        var size = ByteBuffer.allocate(Long.BYTES);
        try (var in = FileChannel.open(disk, StandardOpenOption.READ)) {
            while (size.hasRemaining()) {
                if (in.read(size, VIRTUAL_SIZE + size.position()) < 0) {
                    throw new IOException(disk + " is not a qcow2 disk");
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

    /// Lets the kernel copy: a reflink if the file system has them.
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

    private static void extend(FileChannel out, long size) throws IOException {
        if (out.size() < size) {
            out.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    /// @param file the tool's output
    private static void tool(Path file, String command, Object... operands)
            throws IOException, InterruptedException {
        var argv =
                Stream.concat(
                        Stream.of(command.split(" ", -1)),
                        Stream.of(operands).map(Object::toString));
        var ending = Program.run(argv.toList(), TOOL_LIMIT);
        if (!ending.passed()) {
            throw new IOException(FullDisk.explained(ending.words(), file));
        }
    }
}
