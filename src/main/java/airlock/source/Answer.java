package airlock.source;

/// What a fetch process answers.
sealed interface Answer permits Fetched, Listing, Reachable, Changed, Answer.Damaged, Answer.Broke {
    /// The mirror lacks what it should have; without it, the order may succeed.
    record Damaged(String why) implements Answer {}

    /// This machine could not do it: no space, no memory, a bug.
    record Broke(String why) implements Answer {}
}
