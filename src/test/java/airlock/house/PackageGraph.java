package airlock.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The packages of docs/architecture.md and what each may use, in the data's order.
record PackageGraph(Map<String, Set<String>> edges) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```packages\\n(.*?)^```$");
    private static final Pattern LINE = Pattern.compile("([a-z.]+)\\s*->\\s*(.*?)\\s*");
    private static final String EVERYTHING_BUT = "everything but ";

    /// Reads the one ```` ```packages ```` block of a page.
    static PackageGraph read(String page) {
        var block = BLOCK.matcher(page);
        if (!block.find()) {
            throw new AssertionError("the page has no ```packages block");
        }
        var rights = new LinkedHashMap<String, String>();
        for (String line : block.group(1).lines().filter(l -> !l.isBlank()).toList()) {
            var parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new AssertionError("not of the form `name -> name, name`: " + line);
            }
            if (rights.put(parts.group(1), parts.group(2)) != null) {
                throw new AssertionError("listed twice: " + parts.group(1));
            }
        }
        var edges = new LinkedHashMap<String, Set<String>>();
        rights.forEach((name, right) -> edges.put(name, targets(name, right, rights.keySet())));
        return new PackageGraph(edges);
    }

    private static Set<String> targets(String name, String right, Set<String> all) {
        if (right.startsWith(EVERYTHING_BUT)) {
            var targets = new LinkedHashSet<>(all);
            targets.removeAll(List.of(right.substring(EVERYTHING_BUT.length()).split(",\\s*")));
            targets.remove(name);
            return targets;
        }
        return right.isEmpty()
                ? Set.of()
                : new LinkedHashSet<>(Stream.of(right.split(",\\s*")).toList());
    }

    List<String> faults() {
        var faults = new ArrayList<String>();
        var above = new LinkedHashSet<String>();
        edges.forEach(
                (name, targets) -> {
                    for (String target : targets) {
                        if (!edges.containsKey(target)) {
                            faults.add(name + " -> " + target + ": no such package in the block");
                        } else if (!above.contains(target)) {
                            faults.add(name + " -> " + target + ": points against the order");
                        }
                    }
                    above.add(name);
                });
        return faults;
    }

    /// Whether code of package `from` may use code of package `to`; the root package (``) holds
    /// Main alone and uses `cli`.
    boolean allows(String from, String to) {
        if (from.equals(to)) {
            return true;
        }
        return from.isEmpty() ? to.equals("cli") : edges.getOrDefault(from, Set.of()).contains(to);
    }
}
