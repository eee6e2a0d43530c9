package airlock.web;

import java.util.List;

/// Says which repositories may be shown to everybody (T10).
@FunctionalInterface
public interface Visibility {
    /// Those that may be shown now, in the order in which people should see them. Asked for each
    /// request, so it must be quick.
    List<ShownRepository> shown();
}
