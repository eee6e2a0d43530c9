package airlock.plan;

import airlock.event.GitDepth;

/// The names under which a repository may keep its plan, in the order in which they are looked for.
public enum PlanFile {
    /// Airlock's own: every action in every phase, every unknown key an error.
    AIRLOCK(".airlock.yaml", GitDepth.NONE),
    /// Ambient CI's: actions only in the phases where Ambient has them, unknown keys inside an
    /// action are warnings, since Ambient ignores them.
    AMBIENT(".radicle/ambient.yaml", GitDepth.FULL);

    private final String path;
    private final GitDepth git;

    PlanFile(String path, GitDepth git) {
        this.path = path;
        this.git = git;
    }

    /// In which language a plan's file is, by its path from the top of the source tree.
    public static PlanFile at(String path) {
        return path.equals(AMBIENT.path) ? AMBIENT : AIRLOCK;
    }

    /// The path from the top of the source tree; of Airlock's there may be [others][PlanPath].
    public String path() {
        return path;
    }

    /// How much of its history a commit has where the plan says nothing: Ambient gives all.
    public GitDepth git() {
        return git;
    }
}
