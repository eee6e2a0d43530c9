package airlock.source;

/// Whether a commit lies in the history of one of some branches (T2, for tags).
public sealed interface Reachable extends Answer
        permits Reachable.From, Reachable.FromNone, Refused, Unreachable {
    /// It does.
    ///
    /// @param ref the first of the refs whose history holds it
    record From(String ref) implements Reachable {}

    /// It lies in none of them, or none of them exists.
    record FromNone() implements Reachable {}
}
