package airlock.ambient;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of images for the disks of a projects file: `~/vm/Debian_13.qcow2` becomes `debian-13`.
public final class ImageNames {
    private static final int LONGEST = 50;
    private static final Pattern HARMLESS = Pattern.compile("(?:~/)?[\\w/.,+@%][\\w/.,+@%=:~-]*");

    private final Map<Path, String> names = new LinkedHashMap<>();

    /// Disks of the same name in two directories get two names.
    ///
    /// @param projects all of the file
    public ImageNames(List<Project> projects) {
        var taken = new HashSet<String>();
        for (Project project : projects) {
            names.computeIfAbsent(project.image(), path -> unlike(taken, of(path)));
        }
    }

    public Map<Path, String> all() {
        return Map.copyOf(names);
    }

    public String of(Project project) {
        String name = names.get(project.image());
        if (name == null) {
            throw new IllegalArgumentException("not one of the projects: " + project.name());
        }
        return name;
    }

    /// The command that imports the disk at `path`.
    ///
    /// @param options further ones; may be empty
    public static String command(Path path, String name, String options) {
        return "airlock image import %s --name %s%s"
                .formatted(shellWord(path.toString()), name, options);
    }

    /// Quotes `text` for a command line that a person copies, if the shell would interpret it.
    static String shellWord(String text) {
        return HARMLESS.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String of(Path path) {
        String file = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        String stem = file.replaceFirst("\\.(qcow2|raw|img|qcow)$", "");
        String name = stem.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        name = name.substring(0, Math.min(LONGEST, name.length())).replaceAll("-+$", "");
        return name.isEmpty() ? "image" : name;
    }

    /// A variant of `name` that differs from all names in `taken` in more than case.
    static String unlike(Set<String> taken, String name) {
        String unlike = name;
        for (int i = 2; !taken.add(unlike.toLowerCase(Locale.ROOT)); i++) {
            unlike = name + "-" + i;
        }
        return unlike;
    }
}
