package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// How an image is made.
///
/// @param suite the Debian suite
/// @param disk the system disk's size as mke2fs(8) writes it
/// @param packages Debian packages beside the essential ones
/// @param modules kernel modules that the guest needs before it has its disk
/// @param text the recipe as it is written, which its hash is over
public record Recipe(
        String name,
        String suite,
        String disk,
        List<String> packages,
        List<String> modules,
        String text) {
    public Recipe {
        packages = List.copyOf(packages);
        modules = List.copyOf(modules);
    }

    /// The recipe that Airlock brings along under `name`.
    public static Recipe builtIn(String name) {
        if (!name.matches("[a-z0-9-]{1,64}")) {
            throw new ImageException("not a recipe's name: '" + name + "'");
        }
        try (var in = Recipe.class.getResourceAsStream(name + ".recipe")) {
            if (in == null) {
                throw new ImageException(
                        "there is no recipe '" + name + "'; Airlock brings debian-13");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ImageException("cannot read the recipe " + name, e);
        }
    }

    /// Reads a recipe: a word and its value a line, `#` begins a comment line.
    public static Recipe parse(String text) {
        String name = "";
        String suite = "";
        String disk = "";
        var packages = new ArrayList<String>();
        var modules = new ArrayList<String>();
        for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            String[] words = line.strip().split(" +", 2);
            String value = words.length == 2 ? words[1] : "";
            if (!value.matches("[A-Za-z0-9][A-Za-z0-9+._-]*")) {
                throw new ImageException("not a line of a recipe: '" + line + "'");
            }
            switch (words[0]) {
                case "name" -> name = value;
                case "suite" -> suite = value;
                case "disk" -> disk = value;
                case "package" -> packages.add(value);
                case "module" -> modules.add(value);
                default -> throw new ImageException("not a line of a recipe: '" + line + "'");
            }
        }
        if (name.isEmpty() || suite.isEmpty() || disk.isEmpty()) {
            throw new ImageException("a recipe needs name, suite and disk");
        }
        return new Recipe(name, suite, disk, packages, modules, Objects.requireNonNull(text));
    }
}
