package airlock.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Writes an initramfs: a cpio archive in "new ASCII" format (cpio(5), Linux's
/// Documentation/driver-api/early-userspace/buffer-format.rst), uncompressed, since unpacking is
/// emulated and the file is mapped. The same inputs give the same bytes.
final class Initramfs {
    private static final int FILE = 0100755;
    private static final int DIRECTORY = 0040755;

    /// The guest loads them by name, and two digits stand before it.
    private static final int MOST_MODULES = 100;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode = 1;

    private Initramfs() {}

    /// @param init the guest program, which becomes `/init`
    /// @param modules kernel modules in the order in which they are loaded
    static void write(Path target, Path init, List<Path> modules) throws IOException {
        if (modules.size() > MOST_MODULES) {
            throw new ImageException(
                    "an initramfs takes at most "
                            + MOST_MODULES
                            + " kernel modules, and the recipe needs "
                            + modules.size());
        }
        var archive = new Initramfs();
        archive.entry("init", FILE, Files.readAllBytes(init));
        archive.entry("modules", DIRECTORY, new byte[0]);
        int number = 0;
        for (Path module : modules) {
            archive.entry(
                    String.format(Locale.ROOT, "modules/%02d-%s", number++, module.getFileName()),
                    FILE,
                    Files.readAllBytes(module));
        }
        archive.entry("TRAILER!!!", 0, new byte[0]);
        try (OutputStream file = Files.newOutputStream(target)) {
            archive.out.writeTo(file);
        }
    }

    private void entry(String name, int mode, byte[] content) {
        byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        var header = new StringBuilder("070701");
        int links = mode == DIRECTORY ? 2 : 1;
        for (int field :
                new int[] {
                    inode++, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, nameBytes.length, 0
                }) {
            header.append(String.format(Locale.ROOT, "%08X", field));
        }
        out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(nameBytes);
        pad();
        out.writeBytes(content);
        pad();
    }

    private void pad() {
        while (out.size() % 4 != 0) {
            out.write(0);
        }
    }
}
