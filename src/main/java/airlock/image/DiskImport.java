package airlock.image;

import airlock.base.Hash;
import airlock.image.ImageImports.NewImage;
import airlock.sandbox.Sandbox;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes an image of an untrusted disk, raw or qcow2 (H2). Checks run on the copy, which nothing
/// else can change.
///
/// @param sum its SHA-256 when it was checked
/// @param from the origin, for people
/// @param box runs the program that converts raw disks
record DiskImport(Path source, String sum, String from, Sandbox box) {
    private static final int PIECE = 1 << 16;
    private static final byte[] NOTHING = new byte[PIECE];

    Facts withKernelOf(NewImage image, Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        switch (copy(directory, progress)) {
            case DiskStart.FileSystem _ -> image.writeBootFiles(directory);
            case DiskStart.Partitions _, DiskStart.Unknown _ -> throw refused();
        }
        return image.facts(from, Facts.Software.UNKNOWN, Emulation.PARALLEL);
    }

    /// For a cloud image: a disk with partitions and a boot loader, whose cloud-init takes the
    /// guest program from another volume.
    ///
    /// @param wanted overrides the firmware that the partition table suggests
    Facts withOwnLoader(
            String name,
            Optional<Firmware> wanted,
            Path guestProgram,
            Path directory,
            Consumer<String> progress)
            throws IOException, InterruptedException {
        var firmware =
                switch (copy(directory, progress)) {
                    case DiskStart.Partitions(var found) -> wanted.orElse(found);
                    case DiskStart.FileSystem _, DiskStart.Unknown _ -> throw refused();
                };
        CloudSeed.write(directory.resolve(Image.SEED), guestProgram);
        return new Facts(
                name,
                Facts.Origin.imported(from, ""),
                Facts.Software.UNKNOWN,
                StoreFiles.sha256(guestProgram),
                Optional.of(firmware),
                Emulation.PARALLEL);
    }

    private ImageException refused() {
        return new ImageException(
                ("the disk %s is not taken: it does not begin with an ext4 file system, nor with"
                                + " partitions (MBR, or GPT with sectors of 512 bytes)")
                        .formatted(source));
    }

    private DiskStart.Kind copy(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(ImageStore.WORK));
        var made = SystemDisk.in(work, box);
        Path copy = made.home().resolve("copy");
        if (!copyTo(copy, progress).equals(sum)) {
            throw new ImageException(source + " changed while it was read");
        }
        Path disk = directory.resolve(Image.DISK);
        if (DiskStart.isQcow2(copy)) {
            DiskCheck.check(copy);
            Files.move(copy, disk);
        } else {
            progress.accept("making a qcow2 disk of the raw one");
            made.raw(copy, disk);
        }
        return DiskStart.kind(disk);
    }

    /// Copies and hashes; skips zeros, so that a sparse file stays sparse.
    private String copyTo(Path copy, Consumer<String> progress) throws IOException {
        var hash = Hash.sha256();
        var pace = Pace.of(source, "copying " + source.getFileName(), progress);
        var piece = ByteBuffer.allocate(PIECE);
        try (var from = FileChannel.open(source, StandardOpenOption.READ);
                var to =
                        FileChannel.open(
                                copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long place = 0;
            while (from.read(piece) >= 0) {
                int length = piece.flip().limit();
                hash.add(piece.duplicate());
                if (!isZero(piece)) {
                    while (piece.hasRemaining()) {
                        to.write(piece, place + piece.position());
                    }
                }
                place += length;
                pace.add(length);
                piece.clear();
            }
            if (place > 0 && to.size() < place) {
                to.write(ByteBuffer.allocate(1), place - 1);
            }
        }
        return hash.hex();
    }

    private static boolean isZero(ByteBuffer piece) {
        return piece.mismatch(ByteBuffer.wrap(NOTHING, 0, piece.remaining())) < 0;
    }
}
