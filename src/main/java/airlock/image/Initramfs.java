package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;

/// Writes an initramfs: a cpio archive in "new ASCII" format (Linux's
/// Documentation/driver-api/early-userspace/buffer-format.rst). Uncompressed, since the file is
/// mapped and decompression would be emulated. The same inputs give the same bytes.
final class Initramfs {
    private static final int FILE = 0100755;
    private static final int DIRECTORY = 0040755;
    private static final String MODULES = "modules";
    private static final int LONGEST = 64 << 20;

    /// The guest loads them in the order of their names, which begin with two digits.
    private static final int MOST_MODULES = 100;

    private Initramfs() {}

    /// @param init the guest program, which becomes `/init`
    /// @param modules kernel modules in loading order
    static void write(Path target, Path init, List<Path> modules) throws IOException {
        if (modules.size() > MOST_MODULES) {
            throw new ImageException(
                    "an initramfs takes at most %s kernel modules, and the recipe needs %s"
                            .formatted(MOST_MODULES, modules.size()));
        }
        Map<String, byte[]> named = new LinkedHashMap<>();
        for (Path module : modules) {
            String name = MODULES + "/%02d-%s".formatted(named.size(), module.getFileName());
            named.put(name, Files.readAllBytes(module));
        }
        write(target, init, named);
    }

    /// Writes one with the modules of another and a new guest program.
    ///
    /// @param old an initramfs that this class wrote
    static void renew(Path old, Path init, Path target) throws IOException {
        if (Files.size(old) > LONGEST) {
            throw new ImageException("the initramfs " + old + " is longer than " + LONGEST);
        }
        write(target, init, modules(old));
    }

    private static Map<String, byte[]> modules(Path old) {
        Map<String, byte[]> modules = new LinkedHashMap<>();
        try (var in = new CpioArchiveInputStream(Files.newInputStream(old))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().startsWith(MODULES + "/")) {
                    modules.put(entry.getName(), in.readAllBytes());
                }
            }
            return modules;
        } catch (IOException | RuntimeException e) {
            throw new ImageException("the initramfs " + old + " is not one of Airlock's", e);
        }
    }

    private static void write(Path target, Path init, Map<String, byte[]> modules)
            throws IOException {
        try (var out = new CpioArchiveOutputStream(Files.newOutputStream(target))) {
            entry(out, "init", FILE, Files.readAllBytes(init));
            entry(out, MODULES, DIRECTORY, new byte[0]);
            for (var module : modules.entrySet()) {
                entry(out, module.getKey(), FILE, module.getValue());
            }
        }
    }

    private static void entry(CpioArchiveOutputStream out, String name, int mode, byte[] content)
            throws IOException {
        var entry = new CpioArchiveEntry(name, content.length);
        entry.setMode(mode);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }
}
