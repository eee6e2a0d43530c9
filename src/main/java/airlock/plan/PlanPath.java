package airlock.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The place and name of a plan in a repository.
///
/// @param path from the top of the source tree
/// @param name as in status contexts (T4)
/// @param file its language
/// @param mistake why no plan may be there, as a phrase that follows its path; empty if one may
public record PlanPath(String path, String name, PlanFile file, String mistake) {
    /// The directory of further plans.
    public static final String FOLDER = ".airlock";

    /// The limit for plans of a commit, which is the number of runs of a request.
    public static final int MOST = 64;

    /// The suffix of further plans.
    public static final String ENDING = ".yaml";

    /// Paths to fetch with a commit: files, and directories with `*`.
    public static final List<String> WANTED =
            List.of(PlanFile.AIRLOCK.path(), FOLDER + "/*" + ENDING, PlanFile.AMBIENT.path());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final Pattern NO_PART_OF_A_NAME = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int LONGEST_NAME = 64;

    /// A word that contexts have in the place of a plan (T4).
    private static final String TAKEN = "pr";

    /// The plans among `paths`, `main` first, then by name. Ambient's file counts only if there is
    /// none of Airlock's. Forges compare contexts without case, so of names that differ only in
    /// case the first is a plan.
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

    static PlanPath main(PlanFile file) {
        return new PlanPath(file.path(), Plan.MAIN, file, "");
    }

    /// The path of the plan called `name` in the directory of plans.
    static String in(String name) {
        return FOLDER + "/" + name + ENDING;
    }

    /// The plan at `path` of Airlock's files; empty if plans can't be there.
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
        String mistake = mistake(name);
        return Optional.of(
                mistake.isEmpty()
                        ? new PlanPath(path, name, PlanFile.AIRLOCK, "")
                        : stranger(path, mistake));
    }

    private static String mistake(String name) {
        if (name.equals(Plan.MAIN)) {
            return "the plan main must be in " + PlanFile.AIRLOCK.path();
        }
        if (name.equalsIgnoreCase(TAKEN)) {
            return "no plan can be called pr";
        }
        return NAME.matcher(name).matches()
                ? ""
                : "a plan's name has letters, digits, '-', '_' and '.', begins with a letter or digit"
                        + " and has at most 64 characters";
    }

    private static PlanPath twin(String path, Map<String, PlanPath> named) {
        String name = path.substring(FOLDER.length() + 1, path.length() - ENDING.length());
        PlanPath first = named.get(name);
        return stranger(
                path, "differs only in case from " + (first == null ? "another" : first.path()));
    }

    /// Names it after its file, so that it can't take another plan's context.
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
