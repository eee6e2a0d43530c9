package airlock.event;

/// What became of a delivery whose signature was right. All but [Refused] are on disk when this
/// value exists.
public sealed interface Kept {
    /// It caused a request.
    record Requested(RequestId request) implements Kept {}

    /// The event is known already (T5): nothing new follows from it.
    record Known(RequestId request) implements Kept {}

    /// It asks for no test; the reason is for people.
    record NothingToDo(String reason) implements Kept {}

    /// It contradicts what is known, such as a delivery id that came with other bytes; nothing was
    /// changed.
    record Refused(String reason) implements Kept {}
}
