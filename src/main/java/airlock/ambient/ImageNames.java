package airlock.ambient;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What the disks of a projects file are called here: `~/vm/Debian_13.qcow2` is `debian-13`.
public final class ImageNames {
    private static final int LONGEST = 50;

    private final Map<Path, String> names = new LinkedHashMap<>();

    /// @param projects all of the file: two disks of one name in two directories get two names
    public ImageNames(List<Project> projects) {
        var taken = new HashSet<String>();
        for (Project project : projects) {
            names.computeIfAbsent(project.image(), path -> unlike(taken, of(path)));
        }
    }

    /// By path, in the order of the projects.
    public Map<Path, String> all() {
        return Map.copyOf(names);
    }

    /// That of `project`'s image.
    public String of(Project project) {
        String name = names.get(project.image());
        if (name == null) {
            throw new IllegalArgumentException("not one of the projects: " + project.name());
        }
        return name;
    }

    /// The command that takes the disk at `path` into a store.
    ///
    /// @param options further ones, may be empty
    public static String command(Path path, String name, String options) {
        return "airlock image import %s --name %s%s"
                .formatted(ShellWord.of(path.toString()), name, options);
    }

    private static String of(Path path) {
        String file = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        String stem = file.replaceFirst("\\.(qcow2|raw|img|qcow)$", "");
        String name = stem.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        name = name.substring(0, Math.min(LONGEST, name.length())).replaceAll("-+$", "");
        return name.isEmpty() ? "image" : name;
    }

    private static String unlike(Set<String> taken, String name) {
        String unlike = name;
        for (int i = 2; !taken.add(unlike); i++) {
            unlike = name + "-" + i;
        }
        return unlike;
    }
}
