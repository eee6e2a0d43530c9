package airlock.web;

import java.util.List;

/// Checks whether the server can work, for monitoring.
@FunctionalInterface
public interface Readiness {
    /// Checks now: whether the store can be written, whether slots work, and so on.
    List<Check> checks();

    /// The result of one check.
    ///
    /// @param detail public, so nothing private
    record Check(String name, boolean ready, String detail) {}
}
