package airlock.web;

/// Says who may see which repositories (T10).
@FunctionalInterface
public interface Visibility {
    /// What `reader` may see now. Asked for each request, so it must be quick; and in the same
    /// steps whatever is looked for, so it is not told. A token that is wrong, expired or revoked
    /// shows what none shows.
    Sight of(Reader reader);
}
