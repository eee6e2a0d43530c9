package airlock.plan;

import airlock.event.GitDepth;

/// The files that can contain a repository's plan, in the order of precedence.
public enum PlanFile {
    /// Airlock's own: all actions in all phases; unknown keys are errors.
    AIRLOCK(".airlock.yaml", GitDepth.NONE),
    /// Ambient CI's: actions only in the phases where Ambient has them. Unknown keys of an action
    /// are warnings, since Ambient ignores them.
    AMBIENT(".radicle/ambient.yaml", GitDepth.FULL);

    private final String path;
    private final GitDepth git;

    PlanFile(String path, GitDepth git) {
        this.path = path;
        this.git = git;
    }

    /// The language of the plan file at `path`, from the top of the source tree.
    public static PlanFile at(String path) {
        return path.equals(AMBIENT.path) ? AMBIENT : AIRLOCK;
    }

    /// Its path from the top of the source tree; for Airlock there are also [others][PlanPath].
    public String path() {
        return path;
    }

    /// The default history: Ambient provides all of it.
    public GitDepth git() {
        return git;
    }
}
