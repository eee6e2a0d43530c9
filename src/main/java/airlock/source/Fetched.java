package airlock.source;

/// The outcome of fetching one commit.
public sealed interface Fetched extends Answer
        permits Source, Moved, Missing, Refused, Unreachable {}
