package airlock.config;

import airlock.event.Subject;
import airlock.yaml.Scalars;
import airlock.yaml.Type;

/// A pattern for full refs. One without `refs/` is below `refs/heads/`: `main` and `release/*` are
/// branches, and tags must be written out, `refs/tags/v*`.
public record RefPattern(Glob glob) {
    static final Type<RefPattern> TYPE =
            Scalars.TEXT.as(
                    "a pattern for branches such as release/*, or for tags such as refs/tags/v*",
                    RefPattern::of);
    private static final String NEVER_IN_A_REF = " ~^:[\\";

    /// Parses a pattern of the configuration.
    ///
    /// @throws IllegalArgumentException if no push could match it, or [Glob] refuses it
    public static RefPattern of(String text) {
        text.chars()
                .filter(c -> NEVER_IN_A_REF.indexOf(c) >= 0)
                .findFirst()
                .ifPresent(
                        c -> {
                            throw new IllegalArgumentException(
                                    "a ref's name can't contain '%c'".formatted(c));
                        });
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

    public boolean matches(String ref) {
        return glob.matches(ref);
    }

    @Override
    public String toString() {
        return glob.pattern();
    }
}
