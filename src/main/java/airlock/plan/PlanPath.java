package airlock.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Where a plan of a repository stands, and what it is called there.
///
/// @param path from the top of the source tree, `/` between names
/// @param name the plan's name, as status contexts have it (T4)
/// @param file in which language it is
/// @param mistake why no plan can stand there, as what follows its path; empty where one can
public record PlanPath(String path, String name, PlanFile file, String mistake) {
    /// Where plans with names of their own stand, from the top of the source tree.
    public static final String FOLDER = ".airlock";

    /// The most plans of one commit; as many runs a request has.
    public static final int MOST = 64;

    /// What their names end in there.
    public static final String ENDING = ".yaml";

    /// What is asked for beside a commit's files: each file's path, or all of a folder's.
    public static final List<String> WANTED =
            List.of(PlanFile.AIRLOCK.path(), FOLDER + "/*" + ENDING, PlanFile.AMBIENT.path());

    /// Forges show it, and people type it.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final Pattern NO_PART_OF_A_NAME = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int LONGEST_NAME = 64;

    /// What names of contexts have in the place of a plan (T4).
    private static final String TAKEN = "pr";

    /// The plans among `paths`, `main` first, then by name. Ambient's file is looked at only where
    /// there is none of Airlock's own. Forges tell contexts apart without regard to case, so of
    /// names that differ in nothing else only the first is one.
    public static List<PlanPath> among(Collection<String> paths) {
        var named = new TreeMap<String, PlanPath>(String.CASE_INSENSITIVE_ORDER);
        var strangers = new ArrayList<PlanPath>();
        for (String path : paths.stream().sorted().distinct().toList()) {
            of(path).ifPresent(
                            plan -> {
                                if (!plan.mistake.isEmpty()) {
                                    strangers.add(plan);
                                } else if (named.putIfAbsent(plan.name, plan) != null) {
                                    strangers.add(twin(path, named));
                                }
                            });
        }
        strangers.forEach(plan -> named.putIfAbsent(plan.name, plan));
        var all = new ArrayList<PlanPath>();
        Optional.ofNullable(named.remove(Plan.MAIN)).ifPresent(all::add);
        all.addAll(named.values());
        return all.isEmpty() && paths.contains(PlanFile.AMBIENT.path())
                ? List.of(main(PlanFile.AMBIENT))
                : List.copyOf(all);
    }

    /// The plan that has the repository's first name.
    static PlanPath main(PlanFile file) {
        return new PlanPath(file.path(), Plan.MAIN, file, "");
    }

    /// Where the plan called `name` stands in the folder of plans.
    static String in(String name) {
        return FOLDER + "/" + name + ENDING;
    }

    /// What stands at `path` of Airlock's own files; empty where that is no place for plans.
    private static Optional<PlanPath> of(String path) {
        if (path.equals(PlanFile.AIRLOCK.path())) {
            return Optional.of(main(PlanFile.AIRLOCK));
        }
        String prefix = FOLDER + "/";
        if (!path.startsWith(prefix)
                || !path.endsWith(ENDING)
                || path.indexOf('/', prefix.length()) >= 0) {
            return Optional.empty();
        }
        String name = path.substring(prefix.length(), path.length() - ENDING.length());
        if (name.equals(Plan.MAIN)) {
            return Optional.of(
                    stranger(path, "the plan main stands in " + PlanFile.AIRLOCK.path()));
        }
        if (name.toLowerCase(Locale.ROOT).equals(TAKEN) || !NAME.matcher(name).matches()) {
            return Optional.of(
                    stranger(
                            path,
                            name.equalsIgnoreCase(TAKEN)
                                    ? "no plan can be called pr"
                                    : "a plan's name has letters, digits, '-', '_' and '.', begins"
                                            + " with a letter or digit and has at most "
                                            + LONGEST_NAME
                                            + " characters"));
        }
        return Optional.of(new PlanPath(path, name, PlanFile.AIRLOCK, ""));
    }

    private static PlanPath twin(String path, Map<String, PlanPath> named) {
        String name = path.substring(FOLDER.length() + 1, path.length() - ENDING.length());
        PlanPath first = named.get(name);
        return stranger(
                path, "differs only in case from " + (first == null ? "another" : first.path()));
    }

    /// It has its file's name, so that nothing else's context is its own.
    private static PlanPath stranger(String path, String mistake) {
        String file = path.substring(FOLDER.length() + 1);
        String name = NO_PART_OF_A_NAME.matcher(file).replaceAll("_");
        return new PlanPath(
                path,
                name.substring(0, Math.min(name.length(), LONGEST_NAME + ENDING.length())),
                PlanFile.AIRLOCK,
                mistake);
    }
}
