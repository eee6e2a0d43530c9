package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the module files to load, in order, from the lists that depmod(8) wrote. The lists come
/// from an archive, so paths in them must not leave the directory.
final class KernelModules {
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
                .orElseThrow(() -> new ImageException("the kernel has no module '" + module + "'"));
    }

    private void add(String path, Set<String> order, int depth) {
        if (order.contains(path)) {
            return;
        }
        if (depth > DEEPEST) {
            throw new ImageException(
                    "the dependencies of kernel module " + path + " go in a circle or too deep");
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
