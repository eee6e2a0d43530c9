package airlock.event;

/// The names of commit statuses (T4): `airlock/PLAN` for pushes, `airlock/PLAN/pr/TARGET` for
/// change requests and merge groups; without a plan's name for the request itself.
public final class Contexts {
    private Contexts() {}

    /// The context of a request that ended before its plans were read.
    public static String ofRequest(Subject subject) {
        return "airlock" + suffix(subject);
    }

    /// The context of one plan's run.
    ///
    /// @param cell the matrix cell as people read it; empty for plans without a matrix
    public static String ofRun(String plan, String cell, Subject subject) {
        return "airlock/" + plan + suffix(subject) + (cell.isEmpty() ? "" : " (" + cell + ")");
    }

    private static String suffix(Subject subject) {
        return switch (subject) {
            case Subject.Branch _, Subject.Tag _ -> "";
            // a merge queue waits for the contexts that the change requests have
            case Subject.Change _, Subject.MergeGroup _ -> "/pr/" + subject.target();
        };
    }
}
