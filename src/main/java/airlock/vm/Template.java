package airlock.vm;

import airlock.base.Hash;
import airlock.vm.VmFiles.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// A VM that waits at its gate, in files that never change: memory, state of the devices, and the
/// two disks that it may have written. It holds no repository's data and no secret.
///
/// @param directory named by its [#key]
record Template(Path directory) {
    /// Sizes and checksums of its files; written last, so that an unfinished template has none.
    private static final String FACTS = "facts";

    /// Changes with the content that this version writes into a template.
    private static final String FORMAT = "3";

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");
    private static final Path NOWHERE = Path.of("/");
    private static final int KEY_LENGTH = 16;
    private static final int PIECE = 1 << 20;

    Path ram() {
        return directory.resolve("ram");
    }

    /// The state that QEMU saved, but for memory.
    Path saved() {
        return directory.resolve("saved");
    }

    /// The system disk's overlay, on the image.
    Path disk() {
        return directory.resolve("vda");
    }

    /// The scratch disk, qcow2 since that has no holes to read.
    Path scratch() {
        return directory.resolve("vdh");
    }

    /// An empty overlay on [#disk].
    Path blankDisk() {
        return directory.resolve("vda.blank");
    }

    /// An empty overlay on [#scratch].
    Path blankScratch() {
        return directory.resolve("vdh.blank");
    }

    List<Path> read() {
        return List.of(ram(), saved(), disk(), scratch());
    }

    private List<Path> all() {
        return List.of(ram(), saved(), disk(), scratch(), blankDisk(), blankScratch());
    }

    boolean isThere() {
        return all().stream().allMatch(Files::exists);
    }

    void seal() throws IOException {
        Files.writeString(directory.resolve(FACTS), facts());
    }

    /// Reads all of it and returns what is wrong; empty if nothing is.
    Optional<String> damage() {
        try {
            String sealed = Files.readString(directory.resolve(FACTS));
            return sealed.equals(facts())
                    ? Optional.empty()
                    : Optional.of("its files have changed since it was made");
        } catch (IOException e) {
            return Optional.of("it is not whole: " + e);
        }
    }

    /// A checksum against accidents: an attacker who can write here needs no template. The JVM
    /// computes CRC-32 at the speed of memory from its first call on.
    private String facts() throws IOException {
        var facts = new StringBuilder();
        for (Path file : all()) {
            facts.append("%s %d %08x%n".formatted(file.getFileName(), Files.size(file), sum(file)));
        }
        return facts.toString();
    }

    private static long sum(Path file) throws IOException {
        var sum = new CRC32();
        var piece = ByteBuffer.allocateDirect(PIECE);
        try (var in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (in.read(piece) >= 0) {
                sum.update(piece.flip());
                piece.clear();
            }
        }
        return sum.getValue();
    }

    /// 16 hexadecimal digits for everything that makes a saved VM unfit for a clone, or clones
    /// different from VMs that boot.
    static String key(VmModel model, Accelerator accelerator) throws IOException {
        var parts = new ArrayList<String>();
        parts.add(FORMAT);
        // devices, machine, CPUs, memory, kernel's command line, accelerator
        parts.addAll(
                QemuCommand.of(
                        Rehearsal.templateSpec("key", model, NOWHERE),
                        new VmFiles(NOWHERE, NOWHERE),
                        accelerator,
                        new Origin.Making(NOWHERE, NOWHERE)));
        for (Drive drive : Drive.values()) {
            parts.add(drive.node() + " " + model.shape().slots().of(drive));
        }
        var files = new ArrayList<>(model.boot().files());
        files.addAll(QemuCommand.hostFiles(model.boot()));
        files.add(Path.of(QemuCommand.PROGRAM));
        for (Path file : files) {
            parts.add(
                    "%s %d %s".formatted(file, Files.size(file), Files.getLastModifiedTime(file)));
        }
        parts.add(Files.readString(KERNEL));
        parts.add(processor());
        return Hash.sha256(String.join("\0", parts)).substring(0, KEY_LENGTH);
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(CPU)) {
            return String.join(
                    "\n",
                    lines.filter(line -> line.startsWith("model name") || line.startsWith("flags"))
                            .distinct()
                            .toList());
        }
    }
}
