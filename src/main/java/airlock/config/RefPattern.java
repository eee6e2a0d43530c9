package airlock.config;

/// A pattern for full refs, written as the operator likes it: what does not begin with `refs/` is
/// meant below `refs/heads/`. So `main` and `release/*` are branches, and tags are only those that
/// are written out, `refs/tags/v*`.
public record RefPattern(Glob glob) {
    /// Reads one as the configuration writes it.
    ///
    /// @throws IllegalArgumentException where [Glob] takes none of it
    public static RefPattern of(String text) {
        return new RefPattern(new Glob(text.startsWith("refs/") ? text : "refs/heads/" + text));
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
