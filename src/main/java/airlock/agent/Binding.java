package airlock.agent;

/// What a stream knows of the session for which its client asks.
sealed interface Binding {
    /// Nothing yet.
    record None() implements Binding {}

    /// It is that one, with that host.
    record Bound(HostKey host, byte[] sessionId) implements Binding {}

    /// Nothing is signed on this stream any more.
    ///
    /// @param why for people
    record Spoiled(String why) implements Binding {}
}
