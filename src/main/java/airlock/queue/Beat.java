package airlock.queue;

/// What a worker learns when it says that it still works on a run.
public sealed interface Beat {
    /// Go on.
    record GoOn() implements Beat {}

    /// End it: somebody cancelled it or something newer took its place.
    record End(String reason) implements Beat {}

    /// It is somebody else's by now, or ended; whatever is written for it will be refused.
    record Lost() implements Beat {}
}
