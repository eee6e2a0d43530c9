package airlock.ambient;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Repository names for the projects of a file, without their owner: `hello` of `alice/hello`.
public final class RepositoryNames {
    private static final int LONGEST = 60;

    private final Map<String, String> names = new HashMap<>();

    /// Names differ in more than case.
    ///
    /// @param projects all of the file
    public RepositoryNames(List<Project> projects) {
        var taken = new HashSet<String>();
        for (Project project : projects) {
            names.put(project.name(), ImageNames.unlike(taken, of(project.name())));
        }
    }

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
