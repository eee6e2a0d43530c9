package airlock.web;

import java.util.List;

/// Says whether the server can do its work, for whoever watches it.
@FunctionalInterface
public interface Readiness {
    /// Looks now: whether the store can be written, a slot can be had, and so on.
    List<Check> checks();

    /// One thing that was looked at.
    ///
    /// @param name one word
    /// @param detail for everybody to read, so nothing private
    record Check(String name, boolean ready, String detail) {}
}
