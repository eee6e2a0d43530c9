package airlock.plan;

/// The names under which a repository may keep its plan, in the order in which they are looked for.
public enum PlanFile {
    /// Airlock's own: every action in every phase, every unknown key an error.
    AIRLOCK(".airlock.yaml"),
    /// Ambient CI's: actions only in the phases where Ambient has them, unknown keys inside an
    /// action are warnings, since Ambient ignores them.
    AMBIENT(".radicle/ambient.yaml");

    private final String path;

    PlanFile(String path) {
        this.path = path;
    }

    /// The path from the top of the source tree.
    public String path() {
        return path;
    }
}
