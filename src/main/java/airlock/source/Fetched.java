package airlock.source;

import airlock.event.CommitId;

/// The outcome of fetching one commit.
public sealed interface Fetched extends Answer
        permits Source, Fetched.Moved, Fetched.Missing, Refused, Unreachable {

    /// The forge has no such ref or commit (any more).
    ///
    /// @param why for people: what is missing
    record Missing(String why) implements Fetched {}

    /// The ref points to another commit than the wanted one: a newer event is on its way, or was
    /// lost.
    ///
    /// @param tip the ref's current commit
    record Moved(CommitId tip) implements Fetched {}
}
