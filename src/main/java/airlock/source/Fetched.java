package airlock.source;

import airlock.event.CommitId;

/// The outcome of fetching one commit.
public sealed interface Fetched extends Answer
        permits Source, Fetched.Moved, Fetched.Missing, Refused, Unreachable {

    /// The forge has no such ref or commit (any more).
    record Missing(String why) implements Fetched {}

    /// The ref points to another commit, `tip`: a newer event is on its way, or was lost.
    record Moved(CommitId tip) implements Fetched {}
}
