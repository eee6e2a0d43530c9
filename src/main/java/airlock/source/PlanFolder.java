package airlock.source;

import java.util.Optional;

/// A folder of plan files, where one stands among the paths of wanted ones: `FOLDER/*ENDING`.
///
/// @param path from the top of the source tree
/// @param ending of the names that are plan files
record PlanFolder(String path, String ending) {
    /// How many of its files are read, in the order of their names. One more than anybody takes, so
    /// that who counts them sees that there are too many.
    static final int MOST = 65;

    private static final String ANY = "/*";

    /// The folder that `wanted` names; empty where it names a file.
    static Optional<PlanFolder> of(String wanted) {
        int at = wanted.lastIndexOf(ANY);
        return at < 0
                ? Optional.empty()
                : Optional.of(
                        new PlanFolder(
                                wanted.substring(0, at), wanted.substring(at + ANY.length())));
    }

    /// Whether a file called `name` is one of those that are wanted.
    boolean has(String name) {
        return name.endsWith(ending);
    }

    /// The path of its file called `name`.
    String pathOf(String name) {
        return path + "/" + name;
    }

    /// What is said where something else stands in its place.
    PlanFile insteadOf(String what) {
        return new PlanFile.NotAFile(path, what);
    }
}
