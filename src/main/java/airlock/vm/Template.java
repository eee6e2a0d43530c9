package airlock.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// A VM that waits at its gate, in files that never change: memory, state of the devices, and the
/// two disks that it may have written. It holds no repository's data and no secret.
///
/// @param directory whose name is the [TemplateKey]
record Template(Path directory) {
    /// Its files' sizes and checksums; written last, so a template without it is none.
    private static final String FACTS = "facts";

    private static final int PIECE = 1 << 20;

    Path ram() {
        return directory.resolve("ram");
    }

    /// What QEMU saved of everything but memory.
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

    /// An overlay on [#disk] that nothing was written to.
    Path blankDisk() {
        return directory.resolve("vda.blank");
    }

    /// An overlay on [#scratch] that nothing was written to.
    Path blankScratch() {
        return directory.resolve("vdh.blank");
    }

    /// What a clone's QEMU opens.
    List<Path> read() {
        return List.of(ram(), saved(), disk(), scratch());
    }

    private List<Path> all() {
        return List.of(ram(), saved(), disk(), scratch(), blankDisk(), blankScratch());
    }

    /// Whether none of its files is gone.
    boolean isThere() {
        return all().stream().allMatch(Files::exists);
    }

    /// Marks it as whole.
    void seal() throws IOException {
        Files.writeString(directory.resolve(FACTS), facts());
    }

    /// What is wrong with it, by reading all of it; empty for nothing.
    Optional<String> damage() {
        try {
            String sealed = Files.readString(directory.resolve(FACTS));
            return sealed.equals(facts())
                    ? Optional.empty()
                    : Optional.of("its files are not those that were made");
        } catch (IOException e) {
            return Optional.of("it is not whole: " + e);
        }
    }

    /// A checksum against accidents: who can write here needs no template. CRC-32 is the one that
    /// the JVM computes at the speed of memory from its first call on.
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
}
