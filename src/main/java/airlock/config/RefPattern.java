package airlock.config;

import airlock.event.Subject;

/// A pattern for full refs, written as the operator likes it: what does not begin with `refs/` is
/// meant below `refs/heads/`. So `main` and `release/*` are branches, and tags are only those that
/// are written out, `refs/tags/v*`.
public record RefPattern(Glob glob) {
    private static final String NEVER_IN_A_REF = " ~^:[\\";

    /// Reads one as the configuration writes it.
    ///
    /// @throws IllegalArgumentException where it could never match a push, or [Glob] can't take it
    public static RefPattern of(String text) {
        for (int i = 0; i < NEVER_IN_A_REF.length(); i++) {
            char c = NEVER_IN_A_REF.charAt(i);
            if (text.indexOf(c) >= 0) {
                throw new IllegalArgumentException("no ref has a '%c' in its name".formatted(c));
            }
        }
        String full = text.startsWith("refs/") ? text : "refs/heads/" + text;
        if (!full.startsWith("refs/heads/") && !full.startsWith("refs/tags/")) {
            throw new IllegalArgumentException(
                    "only refs/heads/ (branches) and refs/tags/ (tags) are pushed");
        }
        if (Subject.MergeGroup.isBranchOfOne(full)) {
            throw new IllegalArgumentException(
                    "a merge queue's own branches are tested as merge groups, never as pushes");
        }
        return new RefPattern(new Glob(full));
    }

    /// Whether the full ref `ref` fits.
    public boolean matches(String ref) {
        return glob.matches(ref);
    }

    @Override
    public String toString() {
        return glob.pattern();
    }
}
