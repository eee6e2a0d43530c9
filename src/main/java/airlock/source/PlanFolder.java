package airlock.source;

import java.util.Optional;

/// A folder of plan files, written as `FOLDER/*ENDING` among the wanted paths.
///
/// @param path from the top of the source tree
/// @param ending of the plan files' names
record PlanFolder(String path, String ending) {
    /// How many of its files are read, by name: one more than the limit, so that the caller sees
    /// that there are too many.
    static final int MOST = 65;

    private static final String ANY = "/*";

    /// The folder that `wanted` names; empty if it names a file.
    static Optional<PlanFolder> of(String wanted) {
        int at = wanted.lastIndexOf(ANY);
        return at < 0
                ? Optional.empty()
                : Optional.of(
                        new PlanFolder(
                                wanted.substring(0, at), wanted.substring(at + ANY.length())));
    }

    /// Whether a file called `name` is wanted.
    boolean has(String name) {
        return name.endsWith(ending);
    }

    /// The path of its file called `name`.
    String pathOf(String name) {
        return path + "/" + name;
    }

    /// The plan file if the folder is something else.
    CommitFile insteadOf(String what) {
        return new CommitFile.NotAFile(path, what);
    }
}
