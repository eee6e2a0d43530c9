package airlock.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which module files have to be loaded, in which order, from what depmod(8) wrote.
final class KernelModules {
    private final Map<String, List<String>> dependencies = new HashMap<>();
    private final Set<String> builtIn = new LinkedHashSet<>();

    /// @param modules the directory `/usr/lib/modules/VERSION`
    KernelModules(Path modules) throws IOException {
        for (String line : Files.readAllLines(modules.resolve("modules.dep"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                var needs = line.substring(colon + 1).strip();
                dependencies.put(
                        line.substring(0, colon),
                        needs.isEmpty() ? List.of() : List.of(needs.split(" +")));
            }
        }
        for (String line : Files.readAllLines(modules.resolve("modules.builtin"))) {
            builtIn.add(name(line));
        }
    }

    /// Paths below the directory, dependencies before what needs them; built-in ones are left
    /// out.
    List<String> inOrder(List<String> wanted) {
        var order = new LinkedHashSet<String>();
        for (String module : wanted) {
            if (!builtIn.contains(normal(module))) {
                add(find(module), order);
            }
        }
        return new ArrayList<>(order);
    }

    private String find(String module) {
        return dependencies.keySet().stream()
                .filter(path -> name(path).equals(normal(module)))
                .findFirst()
                .orElseThrow(() -> new ImageException("the kernel has no module '" + module + "'"));
    }

    private void add(String path, Set<String> order) {
        dependencies.getOrDefault(path, List.of()).forEach(needed -> add(needed, order));
        order.add(path);
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
