package airlock.source;

/// Whether a commit is in the history of some branches (T2, for tags).
public sealed interface Reachable extends Answer
        permits Reachable.From, Reachable.FromNone, Refused, Unreachable {
    /// It is.
    ///
    /// @param ref the first of the branches whose history contains it
    record From(String ref) implements Reachable {}

    /// It is in none of them, or none of them exists.
    record FromNone() implements Reachable {}
}
