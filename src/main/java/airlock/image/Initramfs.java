package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /// Finds the module files to load, in order, from the lists that depmod(8) wrote. The lists
    /// come from an archive, so paths in them must not leave the directory.
    static final class KernelModules {
        private static final int DEEPEST = 32;

        private final Path directory;
        private final Map<String, List<String>> dependencies = new HashMap<>();
        private final Set<String> builtIn = new HashSet<>();

        /// @param modules the directory `/usr/lib/modules/VERSION`
        KernelModules(Path modules) throws IOException {
            this.directory = modules;
            for (String line : lines("modules.dep")) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    var needs = line.substring(colon + 1).strip();
                    dependencies.put(
                            line.substring(0, colon),
                            needs.isEmpty() ? List.of() : List.of(needs.split(" +")));
                }
            }
            for (String line : lines("modules.builtin")) {
                builtIn.add(name(line));
            }
        }

        private List<String> lines(String name) throws IOException {
            return Files.readAllLines(directory.resolve(name), StandardCharsets.ISO_8859_1);
        }

        /// Files in loading order, with dependencies, without built-in modules.
        List<Path> inOrder(List<String> wanted) throws IOException {
            var order = new LinkedHashSet<String>();
            for (String module : wanted) {
                if (!builtIn.contains(normal(module))) {
                    add(find(module), order, 0);
                }
            }
            var files = new ArrayList<Path>();
            for (String path : order) {
                files.add(file(path));
            }
            return files;
        }

        private String find(String module) {
            return dependencies.keySet().stream()
                    .filter(path -> name(path).equals(normal(module)))
                    .sorted()
                    .findFirst()
                    .orElseThrow(
                            () -> new ImageException("the kernel has no module '" + module + "'"));
        }

        private void add(String path, Set<String> order, int depth) {
            if (order.contains(path)) {
                return;
            }
            if (depth > DEEPEST) {
                throw new ImageException(
                        "the dependencies of kernel module "
                                + path
                                + " go in a circle or too deep");
            }
            for (String needed : dependencies.getOrDefault(path, List.of())) {
                add(needed, order, depth + 1);
            }
            order.add(path);
        }

        private Path file(String path) throws IOException {
            // paths cannot contain NUL
            Path file = path.indexOf('\0') < 0 ? directory.resolve(path) : directory;
            if (!Files.isRegularFile(file)) {
                throw new ImageException(
                        "modules.dep names " + path + ", which is not a file in " + directory);
            }
            if (!file.toRealPath().startsWith(directory.toRealPath())) {
                throw new ImageException(
                        "modules.dep names " + path + ", which leads out of " + directory);
            }
            return file;
        }

        private static String name(String path) {
            String file = path.substring(path.lastIndexOf('/') + 1);
            int dot = file.indexOf(".ko");
            return normal(dot < 0 ? file : file.substring(0, dot));
        }

        private static String normal(String module) {
            return module.replace('-', '_');
        }
    }
}
