package airlock.source;

/// A fetch process's answer to its order.
sealed interface Answer extends FetchMessage
        permits Fetched, Listing, Reachable, Changed, Answer.Damaged, Answer.Broke {
    /// The mirror lacks objects that it should have; without it, the order may succeed.
    record Damaged(String why) implements Answer {}

    /// This machine could not do it: no space, no memory, a bug.
    record Broke(String why) implements Answer {}
}
