package airlock.web;

import java.util.List;

/// Says who may see which repositories (T10).
@FunctionalInterface
public interface Visibility {
    /// Those that `reader` may see now, in the order in which people should see them. Asked for
    /// each request, so it must be quick; and in the same steps whatever is looked for, so it is
    /// not told. A token that is wrong, expired or revoked shows what none shows.
    List<ShownRepository> shownTo(Reader reader);
}
