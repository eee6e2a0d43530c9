package airlock.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes an initramfs: a cpio archive in "new ASCII" format (cpio(5), Linux's
/// Documentation/driver-api/early-userspace/buffer-format.rst), uncompressed, since unpacking is
/// emulated and the file is mapped. The same inputs give the same bytes.
final class Initramfs {
    private static final int FILE = 0100755;
    private static final int DIRECTORY = 0040755;
    private static final String MODULES = "modules";
    private static final String END = "TRAILER!!!";
    private static final String MAGIC = "070701";
    private static final int DIGITS = 8;
    private static final int HEADER = MAGIC.length() + 13 * DIGITS;
    private static final int SIZE_FIELD = 6;
    private static final int NAME_FIELD = 11;
    private static final int LONGEST = 64 << 20;

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
        Map<String, byte[]> named = new LinkedHashMap<>();
        int number = 0;
        for (Path module : modules) {
            String name =
                    String.format(
                            Locale.ROOT, MODULES + "/%02d-%s", number++, module.getFileName());
            named.put(name, Files.readAllBytes(module));
        }
        write(target, init, named);
    }

    /// Writes one with the modules of another and this guest program.
    ///
    /// @param old one that this class wrote
    static void renew(Path old, Path init, Path target) throws IOException {
        if (Files.size(old) > LONGEST) {
            throw new ImageException("the initramfs " + old + " is longer than " + LONGEST);
        }
        try {
            write(target, init, modules(Files.readAllBytes(old)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new ImageException("the initramfs " + old + " is not one of Airlock's", e);
        }
    }

    private static Map<String, byte[]> modules(byte[] archive) {
        Map<String, byte[]> modules = new LinkedHashMap<>();
        int at = 0;
        while (true) {
            if (!text(archive, at, MAGIC.length()).equals(MAGIC)) {
                throw new NumberFormatException("no header at " + at);
            }
            int nameEnd = at + HEADER + field(archive, at, NAME_FIELD);
            String name = text(archive, at + HEADER, nameEnd - 1 - at - HEADER);
            if (name.equals(END)) {
                return modules;
            }
            int begin = padded(nameEnd);
            int end = begin + field(archive, at, SIZE_FIELD);
            if (name.startsWith(MODULES + "/")) {
                modules.put(name, slice(archive, begin, end));
            }
            at = padded(end);
        }
    }

    private static byte[] slice(byte[] archive, int begin, int end) {
        if (end > archive.length) {
            throw new IndexOutOfBoundsException(end);
        }
        return java.util.Arrays.copyOfRange(archive, begin, end);
    }

    private static int field(byte[] archive, int at, int number) {
        int begin = at + MAGIC.length() + number * DIGITS;
        int value = Integer.parseUnsignedInt(text(archive, begin, DIGITS), 16);
        if (value < 0 || value > LONGEST) {
            throw new NumberFormatException("a length of " + value);
        }
        return value;
    }

    private static String text(byte[] archive, int begin, int length) {
        return new String(archive, begin, length, StandardCharsets.US_ASCII);
    }

    private static int padded(int at) {
        return (at + 3) & ~3;
    }

    private static void write(Path target, Path init, Map<String, byte[]> modules)
            throws IOException {
        var archive = new Initramfs();
        archive.entry("init", FILE, Files.readAllBytes(init));
        archive.entry(MODULES, DIRECTORY, new byte[0]);
        modules.forEach((name, content) -> archive.entry(name, FILE, content));
        archive.entry(END, 0, new byte[0]);
        try (OutputStream file = Files.newOutputStream(target)) {
            archive.out.writeTo(file);
        }
    }

    private void entry(String name, int mode, byte[] content) {
        byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        var header = new StringBuilder(MAGIC);
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
