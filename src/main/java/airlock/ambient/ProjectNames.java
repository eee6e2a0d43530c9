package airlock.ambient;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/// Names for the images and repositories of a projects file; they differ in more than case. The
/// disk `~/vm/Debian_13.qcow2` becomes `debian-13`. A repository's name is without its owner.
public final class ProjectNames {
    private static final int LONGEST_IMAGE = 50;
    private static final int LONGEST_REPOSITORY = 60;
    private static final Pattern HARMLESS = Pattern.compile("(?:~/)?[\\w/.,+@%][\\w/.,+@%=:~-]*");

    private final Map<Path, String> images = new HashMap<>();
    private final Map<String, String> repositories = new HashMap<>();

    /// @param projects all of the file
    public ProjectNames(List<Project> projects) {
        var images = new HashSet<String>();
        var repositories = new HashSet<String>();
        for (Project project : projects) {
            this.images.computeIfAbsent(project.image(), path -> unlike(images, ofImage(path)));
            this.repositories.put(
                    project.name(), unlike(repositories, ofRepository(project.name())));
        }
    }

    Map<Path, String> images() {
        return Map.copyOf(images);
    }

    public String image(Project project) {
        return Objects.requireNonNull(images.get(project.image()), project.name());
    }

    public String repository(Project project) {
        return Objects.requireNonNull(repositories.get(project.name()), project.name());
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

    private static String ofImage(Path path) {
        String file = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        String stem = file.replaceFirst("\\.(qcow2|raw|img|qcow)$", "");
        String name = stem.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        name = name.substring(0, Math.min(LONGEST_IMAGE, name.length())).replaceAll("-+$", "");
        return name.isEmpty() ? "image" : name;
    }

    /// A variant of `name` that differs from all names in `taken` in more than case.
    private static String unlike(Set<String> taken, String name) {
        String unlike = name;
        for (int i = 2; !taken.add(unlike.toLowerCase(Locale.ROOT)); i++) {
            unlike = name + "-" + i;
        }
        return unlike;
    }

    private static String ofRepository(String project) {
        String plain = project.replaceAll("[^A-Za-z0-9_.-]+", "-");
        plain = plain.substring(0, Math.min(plain.length(), LONGEST_REPOSITORY));
        return plain.matches("\\.*|-*") ? "project" : plain;
    }
}
