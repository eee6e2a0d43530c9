package airlock.ambient;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the projects of a file are called as repositories, without their owner: `hello` of
/// `alice/hello`.
public final class RepositoryNames {
    private static final int LONGEST = 60;

    private final Map<String, String> names = new HashMap<>();

    /// @param projects all of the file: each name is there once, in any case
    public RepositoryNames(List<Project> projects) {
        var taken = new HashSet<String>();
        for (Project project : projects) {
            String name = of(project.name());
            String unlike = name;
            for (int i = 2; !taken.add(unlike.toLowerCase(Locale.ROOT)); i++) {
                unlike = name + "-" + i;
            }
            names.put(project.name(), unlike);
        }
    }

    /// That of `project`.
    public String of(Project project) {
        String name = names.get(project.name());
        if (name == null) {
            throw new IllegalArgumentException("not one of the projects: " + project.name());
        }
        return name;
    }

    private static String of(String project) {
        String plain = project.replaceAll("[^A-Za-z0-9_.-]+", "-");
        plain = plain.substring(0, Math.min(plain.length(), LONGEST));
        return plain.matches("\\.*|-*") ? "project" : plain;
    }
}
